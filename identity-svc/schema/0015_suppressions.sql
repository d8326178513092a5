CREATE TABLE suppressions (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- HMAC-SHA-256 of the identity key, by a key of the tenant.
  identity_hash BINARY(32) NOT NULL,
  -- A kith.identity.v1.ConsentPurpose.
  purpose TINYINT UNSIGNED NOT NULL,
  -- Empty for all topics.
  topic VARBINARY(400) NOT NULL,
  -- Of the last refusal or confirmation. The row stays when the contact goes.
  contact_id BINARY(16) NOT NULL,
  -- When the last refusal was recorded; 0 if there is none.
  refused_micros BIGINT NOT NULL,
  -- When a person has last confirmed; 0 if nobody has.
  lifted_micros BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, identity_hash, purpose, topic)
) ENGINE=InnoDB COMMENT='kith: key(of consents), few'
