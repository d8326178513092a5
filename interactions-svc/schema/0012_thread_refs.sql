CREATE TABLE thread_refs (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- The source of a conversation; '@message' for ids of messages.
  source VARBINARY(64) NOT NULL,
  -- An id of a conversation or of a message, or the digest of a long one.
  reference VARBINARY(800) NOT NULL,
  thread_id BINARY(16) NOT NULL,
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, source, reference)
) ENGINE=InnoDB COMMENT='kith: key(of threads)'
