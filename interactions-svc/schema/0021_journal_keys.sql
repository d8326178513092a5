CREATE TABLE journal_keys (
  tenant_id BIGINT UNSIGNED NOT NULL,
  source VARBINARY(64) NOT NULL,
  idempotency_key VARBINARY(800) NOT NULL,
  entry_id BINARY(16) NOT NULL,
  received_micros BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, source, idempotency_key),
  KEY by_age (received_micros)
) ENGINE=InnoDB COMMENT='kith: key(of journal)'
