CREATE TABLE journal_due (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- A kith::interactions::DueKind.
  kind TINYINT UNSIGNED NOT NULL,
  -- When something is to be done with the entry, in microseconds since the
  -- epoch.
  due_micros BIGINT NOT NULL,
  entry_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, kind, due_micros, entry_id)
) ENGINE=InnoDB COMMENT='kith: lookup(of journal)'
