CREATE TABLE not_same (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- Each pair has a row under either contact.
  contact_id BINARY(16) NOT NULL,
  other_id BINARY(16) NOT NULL,
  -- A kith.contacts.v1.MergeReversal: who said so, when, and why.
  details BLOB NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, other_id)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
