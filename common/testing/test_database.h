#ifndef KITH_COMMON_TESTING_TEST_DATABASE_H_
#define KITH_COMMON_TESTING_TEST_DATABASE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "common/mysql/migrations.h"
#include "common/mysql/session.h"

namespace kith::testing {

// Owns a database on the private MariaDB of the test run. The constructor
// applies the migrations of a service; the destructor drops the database. Exits
// the test binary if there is no MariaDB: run the tests through ctest, which
// starts one.
class TestDatabase {
 public:
  // `schema` is the schema of the service under test.
  explicit TestDatabase(const mysql::Schema& schema);
  ~TestDatabase();

  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const mysql::SessionOptions& options() const { return options_; }

  // Returns the first column of the first row of `sql`, or 0 if there is none.
  int64_t SelectInt(absl::string_view sql) const;

  // Runs a statement on a session of its own. Exits the test binary if it
  // fails.
  void Execute(absl::string_view sql) const;

  // Ends all other sessions on this database, as a restart of the server would.
  void KillSessions() const;

 private:
  mysql::SessionOptions options_;
};

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_TEST_DATABASE_H_
