CREATE TABLE consent_states (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  -- A kith.internal.v1.ConsentStates: the fold of the contact's consents.
  details MEDIUMBLOB NOT NULL,
  update_micros BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, contact_id)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
