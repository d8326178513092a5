CREATE TABLE merge_edges (
  tenant_id BIGINT UNSIGNED NOT NULL,
  -- Each edge has a row under either contact that it joins.
  contact_id BINARY(16) NOT NULL,
  edge_order BIGINT NOT NULL,
  edge_id BINARY(16) NOT NULL,
  survivor_id BINARY(16) NOT NULL,
  absorbed_id BINARY(16) NOT NULL,
  -- A kith.contacts.v1.MergeEdge: cause, actor, reason.
  details BLOB NOT NULL,
  merge_micros BIGINT NOT NULL,
  -- NULL while it is in force.
  unmerge_micros BIGINT NULL,
  -- A kith.contacts.v1.MergeReversal; NULL while it is in force.
  reversal BLOB NULL,
  PRIMARY KEY (tenant_id, contact_id, edge_order)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
