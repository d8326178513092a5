CREATE TABLE ended_actions (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  ended_micros BIGINT NOT NULL,
  action_id BINARY(16) NOT NULL,
  -- A kith.internal.v1.StoredAction.
  details MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, ended_micros, action_id),
  KEY by_id (tenant_id, contact_id, action_id)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
