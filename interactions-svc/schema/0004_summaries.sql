CREATE TABLE summaries (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  -- A kith.interactions.v1.ActivitySummary without what depends on the day it
  -- is read.
  details MEDIUMBLOB NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  update_micros BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, contact_id)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
