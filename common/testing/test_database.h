#ifndef KITH_COMMON_TESTING_TEST_DATABASE_H_
#define KITH_COMMON_TESTING_TEST_DATABASE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "common/mysql/migrations.h"
#include "common/mysql/session.h"

namespace kith::testing {

// A database of its own on the run's private MariaDB, made from a service's
// shipped migrations and dropped at the end. Ends the test binary where there
// is no MariaDB: run it through ctest, which starts one.
class TestDatabase {
 public:
  explicit TestDatabase(const mysql::Schema& schema);
  ~TestDatabase();

  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const mysql::SessionOptions& options() const { return options_; }

  // The first column of the first row of `sql`, 0 where there is none.
  int64_t SelectInt(absl::string_view sql) const;

  // Runs a statement, on a session of its own; fails the test where it fails.
  void Execute(absl::string_view sql) const;

  // Ends all other sessions on this database, as a restart of it would.
  void KillSessions() const;

 private:
  mysql::SessionOptions options_;
};

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_TEST_DATABASE_H_
