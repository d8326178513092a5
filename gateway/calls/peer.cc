#include "gateway/calls/peer.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/too_busy.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"

namespace kith::gateway {
namespace {

prometheus::Counter& Refused(absl::string_view peer, const char* reason) {
  return ops::Counter("kith_peer_calls_refused_total",
                      "Calls that were not sent to a service, because it is "
                      "silent or too many calls wait for it.",
                      {{"peer", std::string(peer)}, {"reason", reason}});
}

void LogSilence(const Peer& peer, absl::string_view what) {
  ops::Log(ops::Severity::kWarning, what, {{"peer", peer.name()}});
}

}  // namespace

void Peer::Place::Release() {
  Peer* const peer = std::exchange(peer_, nullptr);
  if (peer == nullptr) return;
  const absl::MutexLock lock(&peer->mutex_);
  --peer->waiting_;
}

Peer::Peer(absl::string_view name, int limit, std::function<absl::Time()> now)
    : name_(name),
      limit_(std::max(limit, 1)),
      now_(std::move(now)),
      refused_as_silent_(Refused(name, "silent")),
      refused_as_full_(Refused(name, "full")) {}

absl::StatusOr<Peer::Place> Peer::Enter() {
  const absl::Time now = now_();
  const absl::MutexLock lock(&mutex_);
  if (waiting_ == 0) heard_ = now;
  if (IsSilent(now)) {
    if (now - tried_ < kTryEach) {
      refused_as_silent_.Increment();
      return SilentError(*this);
    }
    tried_ = now;
  } else if (waiting_ >= limit_) {
    refused_as_full_.Increment();
    if (now - heard_ >= kQuiet) return SilentError(*this);
    return api::TooBusyError(
        absl::StrCat(name_, " has too many calls waiting; try again"));
  }
  ++waiting_;
  return Place(*this);
}

void Peer::Begin(const std::shared_ptr<Sent>& sent) {
  const absl::Time now = now_();
  const absl::MutexLock lock(&mutex_);
  sent_[sent.get()] = {.time = now, .sent = sent};
}

void Peer::End(const Sent& sent, bool answered) {
  const absl::Time now = now_();
  const absl::MutexLock lock(&mutex_);
  sent_.erase(&sent);
  if (!answered) return;
  heard_ = now;
  if (std::exchange(silent_, false)) LogSilence(*this, "answers again");
}

void Peer::GiveUpIfSilent() {
  std::vector<std::shared_ptr<Sent>> given_up;
  {
    const absl::Time now = now_();
    const absl::MutexLock lock(&mutex_);
    if (!IsSilent(now)) return;
    for (const auto& [address, since] : sent_) {
      if (now - since.time < kSilence) continue;
      if (auto sent = since.sent.lock()) given_up.push_back(std::move(sent));
    }
  }
  // What is completed thereby may take places and give them back.
  for (const auto& sent : given_up) sent->GiveUp();
}

bool Peer::IsSilent(absl::Time now) {
  if (!silent_ && waiting_ >= kSilentCalls && now - heard_ >= kSilence) {
    silent_ = true;
    LogSilence(*this, "does not answer");
  }
  return silent_;
}

absl::Status SilentError(const Peer& peer) {
  return absl::UnavailableError(
      absl::StrCat(peer.name(), " does not answer; try again"));
}

}  // namespace kith::gateway
