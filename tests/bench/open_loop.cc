#include "tests/bench/open_loop.h"

#include <utility>

namespace kith::bench {
namespace {

// How soon to look again for a call that ended, where too many are running.
constexpr absl::Duration kRetry = absl::Microseconds(500);

}  // namespace

OpenLoop::OpenLoop(absl::Time start, double rate, int most_running,
                   std::function<void(int64_t call)> start_call)
    : start_(start),
      rate_(rate),
      most_running_(most_running),
      start_call_(std::move(start_call)) {}

absl::Time OpenLoop::Intended(int64_t call) const {
  return start_ + absl::Seconds(static_cast<double>(call) / rate_);
}

absl::Time OpenLoop::Advance(absl::Time now) {
  while (true) {
    int64_t call;
    {
      absl::MutexLock lock(&mutex_);
      call = sent_;
      if (Intended(call) > now) return Intended(call);
      if (running_ >= most_running_) return now + kRetry;
      ++sent_;
      ++running_;
    }
    start_call_(call);
  }
}

void OpenLoop::OnDone(int64_t call, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  --running_;
  latency_.Record(now - Intended(call));
}

bool OpenLoop::Idle() const {
  absl::MutexLock lock(&mutex_);
  return running_ == 0;
}

Histogram OpenLoop::latency() const {
  absl::MutexLock lock(&mutex_);
  return latency_;
}

}  // namespace kith::bench
