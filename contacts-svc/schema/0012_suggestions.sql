CREATE TABLE suggestions (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- Each pair has a row under either contact.
  contact_id BINARY(16) NOT NULL,
  other_id BINARY(16) NOT NULL,
  -- A kith.contacts.v1.SuggestionState.
  state TINYINT UNSIGNED NOT NULL,
  -- A kith.contacts.v1.Suggestion: the decision, and the evidence at that time as
  -- the lower id has it; empty while it is open.
  details BLOB NOT NULL,
  create_micros BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, other_id)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
