-- What a team would begin with: three tables, numbered rows, an index for each
-- question. No tenants.
CREATE TABLE contacts (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  first_name VARCHAR(100),
  last_name VARCHAR(100),
  email VARCHAR(190),
  phone VARCHAR(32),
  company VARCHAR(190),
  status VARCHAR(16) NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL,
  KEY by_email (email),
  KEY by_name (last_name, first_name)
) ENGINE=InnoDB;

CREATE TABLE identities (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  contact_id BIGINT UNSIGNED NOT NULL,
  channel VARCHAR(16) NOT NULL,
  value VARCHAR(190) NOT NULL,
  verified TINYINT NOT NULL,
  created_at DATETIME NOT NULL,
  KEY by_contact (contact_id),
  UNIQUE KEY by_value (channel, value)
) ENGINE=InnoDB;

CREATE TABLE interactions (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  contact_id BIGINT UNSIGNED NOT NULL,
  channel VARCHAR(16) NOT NULL,
  direction VARCHAR(4) NOT NULL,
  subject VARCHAR(255) NOT NULL,
  body TEXT,
  occurred_at DATETIME NOT NULL,
  created_at DATETIME NOT NULL,
  KEY by_contact_and_time (contact_id, occurred_at DESC)
) ENGINE=InnoDB;
