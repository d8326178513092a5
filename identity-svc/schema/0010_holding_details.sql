ALTER TABLE holdings
  -- A kith.internal.v1.HoldingDetails; NULL where a release before has written
  -- the row.
  ADD COLUMN details VARBINARY(4096) NULL
