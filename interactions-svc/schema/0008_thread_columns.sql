ALTER TABLE interactions
  ADD COLUMN thread_id BINARY(16) NULL,
  -- A kith::interactions::Word: how the interaction moves its thread.
  ADD COLUMN thread_word TINYINT UNSIGNED NOT NULL DEFAULT 0,
  -- How many marks the thread had when the interaction was recorded.
  ADD COLUMN thread_marks INT UNSIGNED NOT NULL DEFAULT 0
