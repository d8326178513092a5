#include "gateway/calls/joiner.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

namespace kith::gateway {
namespace {

// The longest that a call waits for others.
constexpr absl::Duration kLongestWait = absl::Milliseconds(5);

thread_local Cork* current = nullptr;

}  // namespace

prometheus::Counter& Joined() {
  static auto& counter =
      ops::Counter("kith_joined_calls_total",
                   "Calls to a service that went together with others.");
  return counter;
}

Cork::Cork() : outer_(std::exchange(current, this)) {}

Cork::~Cork() {
  current = outer_;
  for (Joiner* joiner : held_) {
    if (!Holds(*joiner)) joiner->SendQueued();
  }
}

bool Cork::Holds(Joiner& joiner) {
  if (current == nullptr) return false;
  std::vector<Joiner*>& held = current->held_;
  if (std::find(held.begin(), held.end(), &joiner) == held.end()) {
    held.push_back(&joiner);
  }
  return true;
}

void JoinTimer::Start(std::vector<Joiner*> joiners) {
  joiners_ = std::move(joiners);
  thread_ = std::thread([this] { Run(); });
}

void JoinTimer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void JoinTimer::Arm() {
  if (armed_.exchange(true)) return;
  // Leaving it wakes the thread.
  absl::MutexLock lock(&mutex_);
}

void JoinTimer::Run() {
  const auto wanted = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || armed_;
  };
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&wanted));
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kLongestWait)) {
        return;
      }
    }
    armed_ = false;
    bool queued = false;
    for (Joiner* joiner : joiners_) {
      queued |= joiner->SendOlderThan(absl::Now() - kLongestWait);
    }
    if (queued) armed_ = true;
  }
}

}  // namespace kith::gateway
