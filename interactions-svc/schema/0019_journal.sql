CREATE TABLE journal (
  tenant_id BIGINT UNSIGNED NOT NULL,
  entry_id BINARY(16) NOT NULL,
  -- A kith.internal.v1.StoredEntry.
  details MEDIUMBLOB NOT NULL,
  -- The body of the request, compressed. See CompressBody.
  body MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, entry_id)
) ENGINE=InnoDB COMMENT='kith: home(entry_id)'
