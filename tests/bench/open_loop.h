#ifndef KITH_TESTS_BENCH_OPEN_LOOP_H_
#define KITH_TESTS_BENCH_OPEN_LOOP_H_

#include <cstdint>
#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "tests/bench/histogram.h"

namespace kith::bench {

// Calls at a fixed rate, whatever becomes of them: as customers do, who do not
// wait for each other. The latency of a call counts from the moment at which it
// should have been sent, so that what waits behind a slow one counts as slow,
// wherever it waits. Thread-safe. It has no clock and no thread: whoever drives
// it tells the time.
class OpenLoop {
 public:
  // `start_call` sends a call, and leads to OnDone with its number. At most
  // `most_running` are under way; the others wait here.
  OpenLoop(absl::Time start, double rate, int most_running,
           std::function<void(int64_t call)> start_call);

  // Sends what is due; answers when to come back.
  absl::Time Advance(absl::Time now);

  void OnDone(int64_t call, absl::Time now);

  // When a call should be sent.
  absl::Time Intended(int64_t call) const;

  // Whether nothing is under way.
  bool Idle() const;

  Histogram latency() const;

 private:
  const absl::Time start_;
  const double rate_;
  const int most_running_;
  const std::function<void(int64_t call)> start_call_;

  mutable absl::Mutex mutex_;
  int64_t sent_ ABSL_GUARDED_BY(mutex_) = 0;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  Histogram latency_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_OPEN_LOOP_H_
