CREATE TABLE consent_keys (
  tenant_id BIGINT UNSIGNED NOT NULL,
  source VARBINARY(64) NOT NULL,
  external_id VARBINARY(800) NOT NULL,
  contact_id BINARY(16) NOT NULL,
  recorded_micros BIGINT NOT NULL,
  consent_id BINARY(16) NOT NULL,
  -- SHA-256 of what was said.
  fingerprint BINARY(32) NOT NULL,
  PRIMARY KEY (tenant_id, source, external_id)
) ENGINE=InnoDB COMMENT='kith: key(of consents)'
