CREATE TABLE thread_refs (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- Who gave the reference: a source for a conversation, 'source@message' for a
  -- message, '@mail' for a Message-ID, which is unique by itself.
  source VARBINARY(80) NOT NULL,
  -- An id of a conversation or of a message, or the digest of a long one.
  reference VARBINARY(800) NOT NULL,
  -- Of the contact that was the first to make it.
  thread_id BINARY(16) NOT NULL,
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, source, reference)
) ENGINE=InnoDB COMMENT='kith: key(of threads)'
