#include "gateway/calls/batcher.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

namespace kith::gateway {
namespace {

// The longest that a call waits for others.
constexpr absl::Duration kLongestWait = absl::Milliseconds(5);

thread_local Hold* current = nullptr;

}  // namespace

prometheus::Counter& Joined() {
  static auto& counter =
      ops::Counter("kith_joined_calls_total",
                   "Calls to a service that went together with others.");
  return counter;
}

Hold::Hold() : outer_(std::exchange(current, this)) {}

Hold::~Hold() {
  current = outer_;
  for (Batcher* batcher : held_) {
    if (!Holds(*batcher)) batcher->SendQueued();
  }
}

bool Hold::Holds(Batcher& batcher) {
  if (current == nullptr) return false;
  std::vector<Batcher*>& held = current->held_;
  if (std::find(held.begin(), held.end(), &batcher) == held.end()) {
    held.push_back(&batcher);
  }
  return true;
}

void BatchTimer::Start(std::vector<Batcher*> batchers) {
  batchers_ = std::move(batchers);
  thread_ = std::thread([this] { Run(); });
}

void BatchTimer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void BatchTimer::Arm() {
  if (armed_.exchange(true)) return;
  // Leaving it wakes the thread.
  absl::MutexLock lock(&mutex_);
}

void BatchTimer::Run() {
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
    for (Batcher* batcher : batchers_) {
      queued |= batcher->SendOlderThan(absl::Now() - kLongestWait);
    }
    if (queued) armed_ = true;
  }
}

}  // namespace kith::gateway
