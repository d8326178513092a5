#ifndef KITH_COMMON_MYSQL_STATEMENT_H_
#define KITH_COMMON_MYSQL_STATEMENT_H_

#include <source_location>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace kith::mysql {

// How a statement may depart from the rules of the SQL lint.
enum class Mark {
  kNone,
  // Reads a range over the owner in one tenant, with a LIMIT, in key order.
  kList,
  // Works across all tenants: sweeps, migrations.
  kMaintenance,
};

// An SQL statement that this program runs. Define each statement as a constant
// at namespace scope, beside its only user. So the program knows all its
// statements, and --dump_statements lists them for the lint. ":list" stands for
// the '?' of WithList. Immutable.
class Statement {
 public:
  explicit Statement(
      std::string sql, Mark mark = Mark::kNone,
      std::source_location where = std::source_location::current());

  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  absl::string_view sql() const { return sql_; }
  operator absl::string_view() const { return sql_; }  // NOLINT
  Mark mark() const { return mark_; }
  const std::source_location& where() const { return where_; }

  // Calls `visit` for every statement of the program, in no particular order.
  static void ForEach(absl::FunctionRef<void(const Statement&)> visit);

 private:
  const std::string sql_;
  const Mark mark_;
  const std::source_location where_;
  const Statement* const next_;
};

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_STATEMENT_H_
