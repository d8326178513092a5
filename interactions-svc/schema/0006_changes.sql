CREATE TABLE changes (
  -- Without a gap, in the order of the commits.
  seq BIGINT NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  sequence_micros BIGINT NOT NULL,
  -- A kith.changes.v1.Change without its sequence.
  details MEDIUMBLOB NOT NULL,
  PRIMARY KEY (seq)
) ENGINE=InnoDB COMMENT='kith: log'
