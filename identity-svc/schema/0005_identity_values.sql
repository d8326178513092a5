CREATE TABLE identity_values (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- Those whose values need a namespace: SOCIAL and EXTERNAL.
  channel TINYINT UNSIGNED NOT NULL,
  normalized VARBINARY(1280) NOT NULL,
  identity_key BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, channel, normalized, identity_key)
) ENGINE=InnoDB COMMENT='kith: lookup(of identities)'
