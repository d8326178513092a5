#include "gateway/hooks/door/turnstile.h"

#include <utility>

#include "absl/status/status.h"

namespace kith::gateway {

PendingCall<bool> Turnstile::Enter() {
  auto turn = std::make_shared<Turn>();
  bool goes_in = false;
  {
    const absl::MutexLock lock(&mutex_);
    goes_in = inside_ < most_inside_;
    if (goes_in) {
      ++inside_;
    } else if (waiting_.size() < most_waiting_) {
      waiting_.push_back(turn);
      return PendingCall<bool>(std::move(turn));
    }
  }
  if (goes_in) {
    turn->Complete(true);
    return PendingCall<bool>(std::move(turn));
  }
  return PendingCall<bool>::Failed(
      absl::ResourceExhaustedError("too many requests wait"));
}

void Turnstile::Leave() {
  std::shared_ptr<Turn> next;
  {
    const absl::MutexLock lock(&mutex_);
    if (waiting_.empty()) {
      --inside_;
      return;
    }
    next = std::move(waiting_.front());
    waiting_.pop_front();
  }
  next->Complete(true);
}

}  // namespace kith::gateway
