CREATE TABLE merge_causes (
  tenant_id BIGINT UNSIGNED NOT NULL,
  cause_kind TINYINT UNSIGNED NOT NULL,
  cause_value VARBINARY(200) NOT NULL,
  -- Of an edge in force; the row goes when it is taken back.
  edge_id BINARY(16) NOT NULL,
  -- Its survivor.
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, cause_kind, cause_value, edge_id, contact_id)
) ENGINE=InnoDB COMMENT='kith: lookup(of merge_edges)'
