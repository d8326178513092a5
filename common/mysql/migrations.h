#ifndef KITH_COMMON_MYSQL_MIGRATIONS_H_
#define KITH_COMMON_MYSQL_MIGRATIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/session.h"

namespace kith::mysql {

// One change of a schema: a single statement, never edited once released.
struct Migration {
  std::string name;  // of its file, "0001_contacts"
  std::string sql;
};

// All changes of a schema, in order; the version is how many were applied.
using Schema = std::vector<Migration>;

// Applies what is missing, one migration after the other, under a lease, so
// that two that start at once do not meet. ABORTED where another holds the
// lease; FAILED_PRECONDITION where the database is newer than the binary.
absl::Status Migrate(Session& session, const Schema& schema);

// The version the database is at. FAILED_PRECONDITION where it has none.
absl::StatusOr<int64_t> SchemaVersion(Session& session);

// OK where the database has at least the version that the code was built
// with: migrations only add, so a newer one does as well. FAILED_PRECONDITION
// with what to do where it has not.
absl::Status CheckSchema(Session& session, const Schema& schema);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_MIGRATIONS_H_
