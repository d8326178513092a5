CREATE TABLE moves (
  tenant_id BIGINT UNSIGNED NOT NULL,
  identity_key BINARY(16) NOT NULL,
  move_id BINARY(16) NOT NULL,
  -- A kith.internal.v1.StoredMove.
  details VARBINARY(256) NOT NULL,
  PRIMARY KEY (tenant_id, identity_key, move_id)
) ENGINE=InnoDB COMMENT='kith: home(identity_key)'
