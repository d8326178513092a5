-- Of the group that the contact is the canonical one of; meaningless in the row
-- of another member. set_fields is the contact's own.
ALTER TABLE contacts
  ADD COLUMN group_size INT UNSIGNED NOT NULL DEFAULT 1,
  -- Merge edges in force.
  ADD COLUMN group_edges INT UNSIGNED NOT NULL DEFAULT 0,
  -- The greatest order of an edge that the group, or one it came from, ever had.
  ADD COLUMN edge_order BIGINT NOT NULL DEFAULT 0,
  -- Bit n: an update has named field n of the Contact message, so that it counts
  -- as set even where it is empty.
  ADD COLUMN set_fields BIGINT UNSIGNED NOT NULL DEFAULT 0
