CREATE TABLE threads (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  thread_id BINARY(16) NOT NULL,
  -- A kith.interactions.v1.ThreadState; 0 for a RESOLVED thread that another of
  -- the contact continues, which is not listed.
  state TINYINT UNSIGNED NOT NULL,
  -- A kith.interactions.v1.ThreadKind; 0 for a thread without a word.
  kind TINYINT UNSIGNED NOT NULL,
  opened_micros BIGINT NOT NULL,
  -- A kith.internal.v1.StoredThread.
  details MEDIUMBLOB NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, thread_id),
  KEY by_state (tenant_id, contact_id, state, opened_micros, thread_id),
  KEY by_kind (tenant_id, contact_id, kind, opened_micros, thread_id)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
