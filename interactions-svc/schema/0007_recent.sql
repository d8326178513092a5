ALTER TABLE summaries
  -- A kith.internal.v1.RecentInteractions: what most views show, so that they
  -- read one row. NULL, or of another version: not known.
  ADD COLUMN recent MEDIUMBLOB NULL
