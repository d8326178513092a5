CREATE TABLE interaction_keys (
  tenant_id BIGINT UNSIGNED NOT NULL,
  source VARBINARY(64) NOT NULL,
  external_id VARBINARY(800) NOT NULL,
  interaction_id BINARY(16) NOT NULL,
  contact_id BINARY(16) NOT NULL,
  occurred_micros BIGINT NOT NULL,
  -- The source_revision that is stored; 0 where none was given.
  revision BIGINT NOT NULL,
  -- SHA-256 of what the source said, by which a repeat is known.
  fingerprint BINARY(32) NOT NULL,
  PRIMARY KEY (tenant_id, source, external_id)
) ENGINE=InnoDB COMMENT='kith: key(of interactions)'
