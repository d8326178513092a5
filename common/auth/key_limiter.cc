#include "common/auth/key_limiter.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/api/too_busy.h"
#include "common/ops/metrics.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "google/rpc/error_details.pb.h"

// How calls are limited. A key has a bucket of tokens, which is full at first.
// It gains calls_per_second tokens a second, up to the burst. The time since
// the last refill is added when a call comes, so no thread is needed. Each call
// and each stream takes one token. If less than one is left, the call is
// refused, with the time until there is one as the retry delay.
//
// Calls and streams at once are counted, each with a limit of its own: Admit
// adds one, and Slot takes it away. This limit is checked first, so a call that
// it refuses takes no token; the retry delay is then 100 ms, because nobody
// knows when the next call ends.
//
// Who calls with a token is counted apart from the others of the issuer. They
// may be many, so what says no more than a new entry would is dropped as soon
// as there are 10,000, or twice as many as were left the last time.
//
// A limit that a key does not set comes from the defaults. A key with a rate of
// its own does not get the default burst. Without a burst, the burst is the
// rate, and at least 1.
namespace kith::auth {
namespace {

constexpr double kMaxPerSecond = 1'000'000;
// Nobody knows when the next call ends.
constexpr absl::Duration kSoon = absl::Milliseconds(100);

// By whom usage is counted. No id of a key has a slash.
std::string UserOf(const base::Principal& principal) {
  return principal.subject.empty()
             ? principal.key_id
             : absl::StrCat(principal.key_id, "/", principal.subject);
}

// Metrics name no person: `key` is the issuer of a token.
prometheus::Counter& Refused(const std::string& key, const char* limit) {
  return ops::Counter("kith_key_calls_refused_total",
                      "Calls refused because their API key had reached a "
                      "limit.",
                      {{"key", key}, {"limit", limit}});
}

prometheus::Counter& Admitted(const std::string& key) {
  return ops::Counter("kith_key_calls_total",
                      "Calls and streams of an API key that were let in.",
                      {{"key", key}});
}

prometheus::Gauge& UnderWay(const std::string& key, const char* limit) {
  return ops::Gauge("kith_key_calls_under_way",
                    "Calls (at_once) and streams (streams_at_once) that an API "
                    "key has under way.",
                    {{"key", key}, {"limit", limit}});
}

prometheus::Gauge& Limit(const std::string& key, const char* limit) {
  return ops::Gauge("kith_key_limit",
                    "What an API key may have: calls a second (rate), calls "
                    "(at_once) and streams (streams_at_once) under way; 0: no "
                    "limit.",
                    {{"key", key}, {"limit", limit}});
}

// `limit` is for programs, "calls_at_once: 20"; `what` is for people.
absl::Status Refuse(const base::Principal& principal, const std::string& limit,
                    absl::string_view what, absl::Duration retry_after) {
  const bool is_key = principal.subject.empty();
  absl::Status status = api::TooBusyError(
      absl::StrCat(is_key ? "API key \"" : "a person of the issuer \"",
                   principal.key_id, "\" ", what),
      retry_after);
  google::rpc::QuotaFailure quota;
  google::rpc::QuotaFailure::Violation& violation = *quota.add_violations();
  violation.set_subject(
      absl::StrCat(is_key ? "key:" : "issuer:", principal.key_id));
  violation.set_description(limit);
  status::AddDetail(quota, status);
  return status;
}

}  // namespace

void CheckLimits(const config::v1::CallLimits& limits, const std::string& name,
                 std::vector<std::string>& faults) {
  // Not a number is out of bounds, too.
  if (!(limits.calls_per_second() >= 0) ||
      !(limits.calls_per_second() <= kMaxPerSecond)) {
    faults.push_back(
        absl::StrCat(name, "calls_per_second: ", limits.calls_per_second(),
                     ", want 0 to 1000000"));
  }
  if (limits.burst() < 0) {
    faults.push_back(
        absl::StrCat(name, "burst: ", limits.burst(), ", want 0 or more"));
  }
  if (limits.streams_at_once() < 0) {
    faults.push_back(absl::StrCat(name,
                                  "streams_at_once: ", limits.streams_at_once(),
                                  ", want 0 or more"));
  }
  if (limits.calls_at_once() < 0) {
    faults.push_back(absl::StrCat(
        name, "calls_at_once: ", limits.calls_at_once(), ", want 0 or more"));
  }
}

void KeyLimiter::Slot::Release() {
  if (limiter_ == nullptr) return;
  absl::MutexLock lock(&limiter_->mutex_);
  --*under_way_;
  gauge_->Decrement();
  limiter_ = nullptr;
}

KeyLimiter::Metrics::Metrics(const base::Principal& principal)
    : admitted(Admitted(principal.key_id)),
      calls(UnderWay(principal.key_id, "at_once")),
      streams(UnderWay(principal.key_id, "streams_at_once")),
      refused_by_rate(Refused(principal.key_id, "rate")),
      refused_calls(Refused(principal.key_id, "at_once")),
      refused_streams(Refused(principal.key_id, "streams_at_once")) {
  if (!principal.subject.empty()) return;
  rate_limit = &Limit(principal.key_id, "rate");
  calls_limit = &Limit(principal.key_id, "at_once");
  streams_limit = &Limit(principal.key_id, "streams_at_once");
}

void KeyLimiter::Metrics::SetLimits(const Limits& limits) const {
  if (rate_limit == nullptr) return;
  rate_limit->Set(limits.per_second);
  calls_limit->Set(limits.calls);
  streams_limit->Set(limits.streams);
}

KeyLimiter::KeyLimiter(config::v1::CallLimits defaults)
    : defaults_(std::move(defaults)) {}

KeyLimiter::Limits KeyLimiter::For(const config::v1::CallLimits& own) const {
  config::v1::CallLimits merged = defaults_;
  // The default burst is the default rate's.
  if (own.has_calls_per_second()) merged.clear_burst();
  merged.MergeFrom(own);
  const double rate = merged.calls_per_second();
  return {.per_second = rate,
          .burst = std::max(1.0, merged.burst() > 0 ? merged.burst() : rate),
          .calls = merged.calls_at_once(),
          .streams = merged.streams_at_once()};
}

KeyLimiter::Use& KeyLimiter::Find(const base::Principal& principal,
                                  absl::Time now) {
  std::string user = UserOf(principal);
  const auto it = uses_.find(user);
  if (it != uses_.end()) return it->second;
  Forget(now);
  const Use use{.metrics = Metrics(principal)};
  return uses_.emplace(std::move(user), use).first->second;
}

void KeyLimiter::Forget(absl::Time now) {
  if (uses_.size() < forget_at_) return;
  absl::erase_if(uses_, [&](const auto& each) {
    const Use& use = each.second;
    return use.calls == 0 && use.streams == 0 && use.forgotten <= now;
  });
  forget_at_ = std::max<size_t>(10'000, 2 * uses_.size());
}

absl::StatusOr<KeyLimiter::Slot> KeyLimiter::Admit(
    const base::Principal& principal, absl::Time now, Kind kind) {
  const Limits limits = For(principal.limits);
  absl::MutexLock lock(&mutex_);
  Use& use = Find(principal, now);
  use.metrics.SetLimits(limits);
  KITH_RETURN_IF_ERROR(CheckPlace(principal, limits, kind, use));
  if (limits.per_second > 0) {
    Refill(limits, now, use);
    if (use.tokens < 1) {
      use.metrics.refused_by_rate.Increment();
      return Refuse(
          principal, absl::StrCat("calls_per_second: ", limits.per_second),
          absl::StrCat("may make ", limits.per_second, " calls a second, and ",
                       limits.burst, " at once after a pause: call less often"),
          absl::Seconds((1 - use.tokens) / limits.per_second));
    }
    use.tokens -= 1;
    use.forgotten =
        now + absl::Seconds((limits.burst - use.tokens) / limits.per_second);
  }
  const bool stream = kind == Kind::kStream;
  int& under_way = stream ? use.streams : use.calls;
  prometheus::Gauge& gauge = stream ? use.metrics.streams : use.metrics.calls;
  ++under_way;
  gauge.Increment();
  use.metrics.admitted.Increment();
  return Slot(*this, under_way, gauge);
}

absl::Status KeyLimiter::CheckPlace(const base::Principal& principal,
                                    const Limits& limits, Kind kind,
                                    const Use& use) {
  if (kind == Kind::kStream) {
    if (limits.streams == 0 || use.streams < limits.streams) {
      return absl::OkStatus();
    }
    use.metrics.refused_streams.Increment();
    return Refuse(principal, absl::StrCat("streams_at_once: ", limits.streams),
                  absl::StrCat("may have ", limits.streams,
                               " streams open at once: end one first"),
                  kSoon);
  }
  if (limits.calls == 0 || use.calls < limits.calls) return absl::OkStatus();
  use.metrics.refused_calls.Increment();
  return Refuse(principal, absl::StrCat("calls_at_once: ", limits.calls),
                absl::StrCat("may have ", limits.calls,
                             " calls under way at once: wait for an answer"),
                kSoon);
}

void KeyLimiter::Refill(const Limits& limits, absl::Time now, Use& use) {
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - use.filled));
  use.tokens = std::min(limits.burst, use.tokens + seconds * limits.per_second);
  use.filled = std::max(use.filled, now);
}

}  // namespace kith::auth
