ALTER TABLE identities
  -- The reading rules that normalized is of; 0 where the identity has moved to
  -- another key, and the row keeps its version alone.
  ADD COLUMN rules SMALLINT UNSIGNED NOT NULL DEFAULT 1,
  -- The key of the identity that is meant, where this key is only another
  -- reading of its value. Such a row has no holdings.
  ADD COLUMN alias_of BINARY(16) NULL
