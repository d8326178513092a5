ALTER TABLE summaries
  -- A kith.internal.v1.ContactWork; NULL if the contact has had no action.
  ADD COLUMN work MEDIUMBLOB NULL
