#ifndef KITH_COMMON_MYSQL_MIGRATIONS_H_
#define KITH_COMMON_MYSQL_MIGRATIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/session.h"

namespace kith::mysql {

// One change of a schema: a single SQL statement. A released migration is never
// edited.
struct Migration {
  std::string name;  // of its file, "0001_contacts"
  std::string sql;
};

// All migrations of a schema, in order. The version of a database is the number
// of migrations that were applied to it.
using Schema = std::vector<Migration>;

// Applies the missing migrations, one after the other. Does nothing if there
// are none. Holds a lease meanwhile, so that only one process migrates at a
// time.
//
// ABORTED if another process holds the lease. FAILED_PRECONDITION if the
// database has a newer version than the binary.
absl::Status Migrate(Session& session, const Schema& schema);

// Returns the version of the database. FAILED_PRECONDITION if no migration has
// ever run on it.
absl::StatusOr<int64_t> SchemaVersion(Session& session);

// Returns OK if the database has at least the version that the code was built
// with. A newer version is good as well, because migrations only add.
// FAILED_PRECONDITION, with the remedy, if the version is older.
absl::Status CheckSchema(Session& session, const Schema& schema);

// Returns OK if the server lets this user write. UNAVAILABLE if the server is
// read-only, as a replica is, or a primary during a fail-over, save for a user
// that is exempt. Changes nothing.
absl::Status CheckWritable(Session& session);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_MIGRATIONS_H_
