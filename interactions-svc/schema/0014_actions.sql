CREATE TABLE actions (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  -- What the action is there for: an open one for each. See ActionCauseKey.
  cause BINARY(17) NOT NULL,
  action_id BINARY(16) NOT NULL,
  -- A kith.internal.v1.StoredAction.
  details MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, cause)
) ENGINE=InnoDB COMMENT='kith: home(contact_id), few'
