#include "gateway/hooks/door/turnstile.h"

#include <utility>
#include <vector>

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
      waiting_.push_back({.turn = turn, .until = clock_.Now() + longest_});
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
  const absl::Time now = clock_.Now();
  std::vector<std::shared_ptr<Turn>> late;
  std::shared_ptr<Turn> next;
  {
    const absl::MutexLock lock(&mutex_);
    while (next == nullptr && !waiting_.empty()) {
      Waiting first = std::move(waiting_.front());
      waiting_.pop_front();
      if (first.until < now) {
        late.push_back(std::move(first.turn));
      } else {
        next = std::move(first.turn);
      }
    }
    if (next == nullptr) --inside_;
  }
  for (const auto& turn : late) {
    turn->Complete(absl::ResourceExhaustedError("waited too long"));
  }
  if (next != nullptr) next->Complete(true);
}

}  // namespace kith::gateway
