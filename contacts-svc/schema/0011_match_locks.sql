CREATE TABLE match_locks (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- Locked by who adds a contact to it, so that of two each sees the other.
  match_key BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, match_key)
) ENGINE=InnoDB COMMENT='kith: key(of match_keys)'
