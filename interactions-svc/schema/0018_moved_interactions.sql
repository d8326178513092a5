CREATE TABLE moved_interactions (
  tenant_id BIGINT UNSIGNED NOT NULL,
  interaction_id BINARY(16) NOT NULL,
  -- Where ReassignInteractions has moved it last.
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, interaction_id)
) ENGINE=InnoDB COMMENT='kith: key(of interactions)'
