#ifndef KITH_TESTS_BENCH_REPLAY_H_
#define KITH_TESTS_BENCH_REPLAY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/databases.h"
#include "tests/bench/fresh_values.h"
#include "tests/bench/load.h"

namespace kith::bench {

// The limit: threads that execute what calls execute, and nothing else. Each
// has a session with each database, with the options that the services have,
// and prepares a statement once. Not thread-safe.
class Replay {
 public:
  // `calls` outlive it.
  Replay(const Databases& databases, const std::vector<ReplayedCall>& calls,
         int threads, uint64_t seed);

  int threads() const { return static_cast<int>(workers_.size()); }

  // Each thread executes call after call: see RunThreads.
  Load Run(absl::Duration duration);

 private:
  struct Worker {
    SessionSet sessions;
    Random random;
    // Of parameters.
    std::vector<std::string> storage;
  };

  const std::vector<ReplayedCall>& calls_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_REPLAY_H_
