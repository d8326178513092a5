CREATE TABLE match_keys (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- Of what a contact's own fields say, whatever its group and whether or not it
  -- is deleted; see match_rules.h.
  match_key BINARY(16) NOT NULL,
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, match_key, contact_id)
) ENGINE=InnoDB COMMENT='kith: lookup(of contacts)'
