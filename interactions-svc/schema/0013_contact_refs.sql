CREATE TABLE contact_refs (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  -- As in thread_refs.
  source VARBINARY(80) NOT NULL,
  reference VARBINARY(800) NOT NULL,
  -- Of the contact.
  thread_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, source, reference)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
