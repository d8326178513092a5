CREATE TABLE group_members (
  tenant_id BIGINT UNSIGNED NOT NULL,
  canonical_id BINARY(16) NOT NULL,
  -- The other members: a group of one has no row here.
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, canonical_id, contact_id)
) ENGINE=InnoDB COMMENT='kith: lookup(of contacts)'
