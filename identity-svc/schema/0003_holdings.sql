CREATE TABLE holdings (
  tenant_id BIGINT UNSIGNED NOT NULL,
  identity_key BINARY(16) NOT NULL,
  -- The year 1 where the contact holds it from ever.
  start_micros BIGINT NOT NULL,
  contact_id BINARY(16) NOT NULL,
  -- The first moment after it; NULL while it is open.
  end_micros BIGINT NULL,
  assurance TINYINT UNSIGNED NOT NULL,
  -- The API key that said so.
  source VARBINARY(32) NOT NULL,
  PRIMARY KEY (tenant_id, identity_key, start_micros, contact_id)
) ENGINE=InnoDB COMMENT='kith: home(identity_key), few'
