#include "gateway/calls/peer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/api/too_busy.h"

namespace kith::gateway {
namespace {

// What a service itself has said, whatever it was.
bool IsAnswer(const absl::Status& status) {
  return !absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status) &&
         !absl::IsCancelled(status);
}

}  // namespace

void Peer::Place::Leave(const absl::Status& answer) {
  if (Peer* const peer = std::exchange(peer_, nullptr); peer != nullptr) {
    peer->Leave(answer);
  }
}

Peer::Peer(absl::string_view name, int limit, std::function<absl::Time()> now)
    : name_(name), limit_(std::max(limit, 1)), now_(std::move(now)) {}

absl::StatusOr<Peer::Place> Peer::Enter() {
  const absl::Time now = now_();
  const absl::MutexLock lock(&mutex_);
  if (waiting_ == 0) heard_ = now;
  if (waiting_ >= kSilentCalls && now - heard_ >= kSilence) {
    if (now - tried_ < kTryEach) {
      return absl::UnavailableError(
          absl::StrCat(name_, " does not answer; try again"));
    }
    tried_ = now;
  }
  if (waiting_ >= limit_) {
    return api::TooBusyError(
        absl::StrCat(name_, " has too many calls waiting; try again"));
  }
  ++waiting_;
  return Place(*this);
}

void Peer::Leave(const absl::Status& answer) {
  const absl::Time now = now_();
  const absl::MutexLock lock(&mutex_);
  --waiting_;
  if (IsAnswer(answer)) heard_ = now;
}

}  // namespace kith::gateway
