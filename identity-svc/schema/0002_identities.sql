CREATE TABLE identities (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- SHA-256 over channel, namespace and normalized, cut to 16 bytes.
  identity_key BINARY(16) NOT NULL,
  channel TINYINT UNSIGNED NOT NULL,
  namespace VARBINARY(64) NOT NULL,
  -- As it was first typed.
  value VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  normalized VARBINARY(1280) NOT NULL,
  create_micros BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, identity_key)
) ENGINE=InnoDB COMMENT='kith: home(identity_key)'
