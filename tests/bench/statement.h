#ifndef KITH_TESTS_BENCH_STATEMENT_H_
#define KITH_TESTS_BENCH_STATEMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/variant.h"
#include "common/mysql/session.h"

namespace kith::bench {

// A bound value that outlives its call, unlike a mysql::Param.
using Value = absl::variant<absl::monostate, int64_t, uint64_t, std::string>;

// A statement as a service executed it.
struct Statement {
  enum class Kind { kText, kQuery, kExecute };

  // The database it ran in.
  std::string schema;
  Kind kind = Kind::kText;
  // With a '?' for each value.
  std::string sql;
  std::vector<Value> values;
};

// What a call executed, in its order.
using Statements = std::vector<Statement>;

// The values that the prepared statement was given, read from the text in which
// the server's log shows an execution of it; nullopt where that is another
// statement.
std::optional<std::vector<Value>> ReadValues(absl::string_view prepared,
                                             absl::string_view executed);

// Runs the statement with other values, and reads every row.
absl::Status Run(mysql::Session& session, const Statement& statement,
                 const std::vector<mysql::Param>& params);

// `value` as a parameter, which views it.
mysql::Param ToParam(const Value& value);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_STATEMENT_H_
