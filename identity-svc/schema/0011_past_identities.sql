CREATE TABLE past_identities (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  -- Which the contact has held or shared, by a holding that is not void.
  identity_key BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, identity_key)
) ENGINE=InnoDB COMMENT='kith: lookup(of holdings)'
