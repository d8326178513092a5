CREATE TABLE contact_identities (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  -- Of an open holding; the row goes when the holding ends.
  identity_key BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, identity_key)
) ENGINE=InnoDB COMMENT='kith: lookup(of holdings)'
