ALTER TABLE identities
  -- Rises with each change of the holder.
  ADD COLUMN version BIGINT UNSIGNED NOT NULL DEFAULT 1
