CREATE TABLE action_queue (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- The name of a queue; '@' and a person to whom actions are assigned; '#' and
  -- an agent who has leased contacts.
  queue VARBINARY(330) NOT NULL,
  -- A kith::interactions::QueueState.
  state TINYINT UNSIGNED NOT NULL,
  -- By what the contact ranks, in microseconds since the epoch.
  rank_micros BIGINT NOT NULL,
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, queue, state, rank_micros, contact_id)
) ENGINE=InnoDB COMMENT='kith: lookup(of actions)'
