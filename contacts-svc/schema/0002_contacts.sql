CREATE TABLE contacts (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  -- Stands for the group of merged contacts; contact_id where none is merged.
  canonical_id BINARY(16) NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  stage TINYINT UNSIGNED NOT NULL,
  display_name VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  given_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  family_name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  owner VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  account_id BINARY(16) NULL,
  -- A kith.contacts.v1.Contact with the fields that no statement looks at.
  details MEDIUMBLOB NOT NULL,
  version BIGINT UNSIGNED NOT NULL,
  create_micros BIGINT NOT NULL,
  update_micros BIGINT NOT NULL,
  delete_micros BIGINT NULL,
  PRIMARY KEY (tenant_id, contact_id)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
