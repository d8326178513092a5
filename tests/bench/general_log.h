#ifndef KITH_TESTS_BENCH_GENERAL_LOG_H_
#define KITH_TESTS_BENCH_GENERAL_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/bench/statement.h"

namespace kith::bench {

// A line of the server's general log: Connect, Prepare, Execute, Query, ...
struct LogEntry {
  int64_t session = 0;
  std::string command;
  std::string argument;
};

std::vector<LogEntry> ParseGeneralLog(absl::string_view text);

// The statement, as text, that says in the log where what call `number`
// executes begins.
std::string CallMarker(size_t number);

// What each of `count` calls executed, from the markers in the log. Only
// sessions whose Connect is in it count, and only prepared statements and
// BEGIN, COMMIT and ROLLBACK: the rest is how a session is opened. INTERNAL
// where a statement is not understood.
absl::StatusOr<std::vector<Statements>> StatementsOfCalls(
    const std::vector<LogEntry>& log, size_t count);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_GENERAL_LOG_H_
