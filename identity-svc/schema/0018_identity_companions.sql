CREATE TABLE identity_companions (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- A value that a contact holds.
  identity_key BINARY(16) NOT NULL,
  -- Another contact that holds a value of the same touch, or the key of that
  -- value if nobody holds it.
  companion BINARY(16) NOT NULL,
  -- Time of the touch that was first within a day.
  seen_micros BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, identity_key, companion)
) ENGINE=InnoDB COMMENT='kith: home(identity_key), few'
