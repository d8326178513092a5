#ifndef KITH_TESTS_BENCH_USAGE_H_
#define KITH_TESTS_BENCH_USAGE_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"

namespace kith::bench {

// What the load is called among the processes.
inline constexpr char kOwnProcess[] = "kith-bench";

// The processes to watch: pid by name.
using Processes = std::map<std::string, int>;

// What was used up to now, or between two moments.
struct Usage {
  // Rows that the database read (Handler_read_*), and pages that it asked its
  // buffer pool for.
  double rows = 0;
  double pages = 0;

  // Processor time by process, user and system.
  std::map<std::string, absl::Duration> cpu;

  Usage& operator+=(const Usage& other);
  Usage operator-(const Usage& other) const;
};

// Reads it, without what reading it costs. Not thread-safe.
class UsageMeter {
 public:
  static absl::StatusOr<UsageMeter> Make(const mysql::SessionOptions& database,
                                         Processes processes);

  absl::StatusOr<Usage> Read();

 private:
  UsageMeter(const mysql::SessionOptions& database, Processes processes);

  absl::StatusOr<Usage> ReadAll();

  std::unique_ptr<mysql::Session> session_;
  Processes processes_;
  // What one reading adds to what the next one finds.
  Usage own_;
  double readings_ = 0;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_USAGE_H_
