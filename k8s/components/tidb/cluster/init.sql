-- Run once by the operator. It has made the users before, with the passwords of
-- the Secret kith-tidb-users.

-- START TRANSACTION READ ONLY, with which services read snapshots, does nothing
-- in TiDB, and is error 1235 unless this allows it. Such a transaction is a
-- snapshot all the same.
SET GLOBAL tidb_enable_noop_functions = ON;

-- Both are the default, and needed: a duplicate key has to be the error of its
-- INSERT and not of the COMMIT.
SET GLOBAL tidb_txn_mode = 'pessimistic';
SET GLOBAL tidb_constraint_check_in_place_pessimistic = ON;

-- A session keeps 200 statements (common/mysql/session.cc).
SET GLOBAL tidb_session_plan_cache_size = 200;

CREATE DATABASE IF NOT EXISTS kith_contacts
  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
GRANT SELECT, INSERT, UPDATE, DELETE ON kith_contacts.* TO 'kith_contacts'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX
  ON kith_contacts.* TO 'kith_contacts_migrate'@'%';

CREATE DATABASE IF NOT EXISTS kith_identity
  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
GRANT SELECT, INSERT, UPDATE, DELETE ON kith_identity.* TO 'kith_identity'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX
  ON kith_identity.* TO 'kith_identity_migrate'@'%';

CREATE DATABASE IF NOT EXISTS kith_interactions
  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
GRANT SELECT, INSERT, UPDATE, DELETE ON kith_interactions.* TO 'kith_interactions'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX
  ON kith_interactions.* TO 'kith_interactions_migrate'@'%';
