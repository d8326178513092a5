CREATE TABLE interactions (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  occurred_micros BIGINT NOT NULL,
  interaction_id BINARY(16) NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  direction TINYINT UNSIGNED NOT NULL,
  purpose TINYINT UNSIGNED NOT NULL,
  outcome TINYINT UNSIGNED NOT NULL,
  -- Kind, direction and, for calls, outcome: what a summary counts together.
  activity SMALLINT UNSIGNED NOT NULL,
  identity_key BINARY(16) NULL,
  recorded_micros BIGINT NOT NULL,
  -- A kith.interactions.v1.Interaction with the fields that no statement looks
  -- at.
  details MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, occurred_micros, interaction_id),
  KEY by_kind (tenant_id, contact_id, kind, occurred_micros, interaction_id),
  KEY by_identity
    (tenant_id, contact_id, identity_key, occurred_micros, interaction_id),
  KEY by_activity (tenant_id, contact_id, activity, occurred_micros)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
