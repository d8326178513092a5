#ifndef KITH_TESTS_BENCH_CAPTURE_H_
#define KITH_TESTS_BENCH_CAPTURE_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/session.h"
#include "tests/bench/databases.h"
#include "tests/bench/fresh_values.h"
#include "tests/bench/general_log.h"
#include "tests/bench/scenario.h"

namespace kith::bench {

// Makes calls one by one while the server writes its general log, and reads
// from that what each of them executed. Made before anybody calls the services,
// as workers prepare a statement once. Not thread-safe.
class Capture {
 public:
  // `log_file`: where the server is to write; it must be on this machine.
  Capture(const Databases& databases, std::string log_file)
      : administrator_(databases.administrator),
        log_file_(std::move(log_file)) {}

  // Begins to log.
  absl::Status Start();

  // Makes `samples` calls; of those that write, a pair for each sample, with
  // the same customers and other ids.
  absl::Status Add(const Scenario& scenario, int samples,
                   std::atomic<uint64_t>& serial);

  // Ends the log; answers the calls of each scenario, in the order of Add.
  absl::StatusOr<std::vector<std::vector<ReplayedCall>>> Finish();

 private:
  struct Part {
    std::string name;
    bool pairs = false;
    size_t begin = 0;
    size_t end = 0;
  };

  absl::Status CallOnce(const Scenario& scenario, uint64_t seed,
                        uint64_t serial);

  mysql::Session administrator_;
  const std::string log_file_;
  // As far as it was read.
  std::vector<LogEntry> log_;
  size_t calls_ = 0;
  std::vector<Part> parts_;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_CAPTURE_H_
