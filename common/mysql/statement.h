#ifndef KITH_COMMON_MYSQL_STATEMENT_H_
#define KITH_COMMON_MYSQL_STATEMENT_H_

#include <source_location>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace kith::mysql {

// What a statement may do beyond the rules of the SQL lint.
enum class Mark {
  kNone,
  // A LIMITed range over the owner in one tenant, in the order of the key.
  kList,
  // Works across tenants: sweeps, migrations.
  kMaintenance,
};

// A statement that this program runs. Define it as a constant at namespace
// scope, beside its only user: the program then knows all its statements, and
// --dump_statements shows them to the lint. ":list" stands for the '?' of
// WithList.
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

  // Every statement of the program, in no order.
  static void ForEach(absl::FunctionRef<void(const Statement&)> visit);

 private:
  const std::string sql_;
  const Mark mark_;
  const std::source_location where_;
  const Statement* const next_;
};

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_STATEMENT_H_
