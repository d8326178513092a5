CREATE TABLE requests (
  tenant_id BIGINT UNSIGNED NOT NULL,
  request_id VARBINARY(64) NOT NULL,
  method VARBINARY(64) NOT NULL,
  fingerprint BINARY(32) NOT NULL,
  result VARBINARY(256) NOT NULL,
  create_micros BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, request_id),
  KEY by_age (create_micros)
) ENGINE=InnoDB COMMENT='kith: key(of requests)'
