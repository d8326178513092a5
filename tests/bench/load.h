#ifndef KITH_TESTS_BENCH_LOAD_H_
#define KITH_TESTS_BENCH_LOAD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/bench/histogram.h"
#include "tests/bench/zipf.h"

namespace kith::bench {

// What a load came to.
struct Load {
  // Of all calls, failed ones too.
  Histogram latency;
  int64_t errors = 0;
  // How often each text of an error was seen.
  std::map<std::string, int64_t> faults;
  // How long a caller was at work, on average.
  absl::Duration elapsed;

  void Fail(const absl::Status& status);
  void Merge(const Load& other);
  // One load after the other.
  void Append(const Load& other);

  // Calls a second that did not fail.
  double Rate() const;

  // Throughput times mean latency: the callers, by Little's law, where the
  // generator loses no time of its own.
  double Callers() const;
};

using Done = std::function<void(const absl::Status&)>;

// Starts a call, whose parameters it draws; `done` is called once, on any
// thread.
using StartCall = std::function<void(Random& random, Done done)>;

// `callers` call again as soon as they are answered, for as long as `duration`;
// what is under way then is waited for.
Load RunClosedLoop(int callers, absl::Duration duration, uint64_t seed,
                   const StartCall& start);

// The same by calls that block, each caller on a thread of its own. `call` is
// given the number of its caller, from 0.
Load RunThreads(int callers, absl::Duration duration,
                const std::function<absl::Status(int caller)>& call);

// `rate` calls a second, whether they are answered or not; see OpenLoop.
Load RunOpenLoop(double rate, absl::Duration duration, uint64_t seed,
                 const StartCall& start);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_LOAD_H_
