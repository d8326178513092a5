CREATE TABLE outbox (
  -- Tenant, owner and the owner's version, big-endian: an owner's changes lie
  -- together, in their order.
  id BINARY(32) NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  create_micros BIGINT NOT NULL,
  -- A kith.changes.v1.Change without its sequence.
  details MEDIUMBLOB NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB COMMENT='kith: log'
