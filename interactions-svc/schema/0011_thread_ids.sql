CREATE TABLE thread_ids (
  tenant_id BIGINT UNSIGNED NOT NULL,
  thread_id BINARY(16) NOT NULL,
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, thread_id)
) ENGINE=InnoDB COMMENT='kith: key(of threads)'
