CREATE TABLE events (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  at_micros BIGINT NOT NULL,
  event_id BINARY(16) NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  -- As it was typed.
  note VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (tenant_id, contact_id, at_micros, event_id),
  KEY by_note (tenant_id, contact_id, note)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'

CREATE TABLE words (
  tenant_id BIGINT UNSIGNED NOT NULL,
  word VARBINARY(100) NOT NULL,
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, word, contact_id)
) COMMENT='kith: lookup(of events)'

CREATE TABLE labels (
  tenant_id BIGINT UNSIGNED NOT NULL,
  label VARBINARY(100) NOT NULL,
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, label)
) COMMENT='kith: key(of events)'

CREATE TABLE outbox (
  id BINARY(16) NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (id)
) COMMENT='kith: log'

CREATE TABLE marks (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  mark BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, mark)
) COMMENT='kith: home(contact_id), few'

CREATE TABLE leases (
  name VARBINARY(100) NOT NULL,
  PRIMARY KEY (name)
) COMMENT='kith: operations'
