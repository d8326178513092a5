CREATE TABLE consents (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  -- Rises with each record of a contact.
  recorded_micros BIGINT NOT NULL,
  consent_id BINARY(16) NOT NULL,
  -- A kith.identity.v1.Consent.
  details MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, recorded_micros, consent_id)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
