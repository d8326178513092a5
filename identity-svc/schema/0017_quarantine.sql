ALTER TABLE identities
  -- A kith.identity.v1.Quarantine, which has ended if it has an end_time; NULL
  -- if there never was one.
  ADD COLUMN quarantine VARBINARY(8192) NULL
