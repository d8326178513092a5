#include "interactions-svc/journal/entry_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"

namespace kith::interactions {
namespace {

using internal::v1::StoredEntry;

constexpr int kDoneDays = 7;
constexpr int kFailedDays = 90;
constexpr absl::Duration kFirstPause = absl::Seconds(1);
constexpr absl::Duration kLongestPause = absl::Minutes(10);

absl::Duration Days(int days) { return absl::Hours(24) * days; }

// Ends what the entry waits for.
void EndWith(v1::EntryState state, const JournalRetention& retention,
             absl::Time now, StoredEntry& stored) {
  const absl::Duration kept =
      state == v1::ENTRY_STATE_DONE ? retention.done : retention.failed;
  v1::Entry& entry = *stored.mutable_entry();
  entry.set_state(state);
  entry.clear_next_attempt_time();
  *entry.mutable_settle_time() = base::ToProto(now);
  *entry.mutable_expire_time() = base::ToProto(now + kept);
  stored.set_leased(false);
  stored.set_lost_count(0);
  stored.set_retry_count(0);
}

void FailWith(v1::EntryFailure failure, absl::string_view reason,
              const JournalRetention& retention, absl::Time now,
              StoredEntry& stored) {
  stored.mutable_entry()->set_failure(failure);
  stored.mutable_entry()->set_reason(std::string(reason));
  EndWith(v1::ENTRY_STATE_FAILED, retention, now, stored);
}

// What a touch has recorded first stays: a repeat records nothing else.
void AddEffects(const v1::SettleEntryRequest& request, v1::Entry& entry) {
  for (const v1::EntryEffect& effect : request.effects()) {
    const bool is_known =
        std::any_of(entry.effects().begin(), entry.effects().end(),
                    [&](const v1::EntryEffect& known) {
                      return known.touch_index() == effect.touch_index();
                    });
    if (!is_known) *entry.add_effects() = effect;
  }
}

// Makes the attempt again later, unless it was made too often.
void RetryLater(const v1::SettleEntryRequest& request,
                const JournalRetention& retention, absl::Time now,
                StoredEntry& stored) {
  stored.set_retry_count(stored.retry_count() + 1);
  if (stored.retry_count() >= kMostRetries) {
    FailWith(v1::ENTRY_FAILURE_ATTEMPTS, request.reason(), retention, now,
             stored);
    return;
  }
  stored.set_leased(false);
  stored.set_lost_count(0);
  v1::Entry& entry = *stored.mutable_entry();
  entry.set_reason(request.reason());
  *entry.mutable_next_attempt_time() =
      base::ToProto(now + RetryPause(stored.retry_count()));
}

absl::Status OtherAttemptError(int attempt, int last) {
  return absl::FailedPreconditionError(
      absl::StrCat("attempt: ", attempt, ", want ", last,
                   ", which is the last that has begun"));
}

bool IsMeantTime(const v1::EntryFilter& filter, const v1::Entry& entry) {
  const int64_t received = base::ToMicros(entry.received_time());
  if (filter.has_received_from_time() &&
      received < base::ToMicros(filter.received_from_time())) {
    return false;
  }
  return !filter.has_received_until_time() ||
         received < base::ToMicros(filter.received_until_time());
}

}  // namespace

absl::Duration RepeatWindow(const v1::RecordEntryRequest& request) {
  if (!request.has_repeat_window()) return kLongestRepeatWindow;
  return absl::Seconds(request.repeat_window().seconds()) +
         absl::Nanoseconds(request.repeat_window().nanos());
}

JournalRetention RetentionOf(const config::v1::JournalRules& rules) {
  return {.done = Days(rules.has_done_days() ? rules.done_days() : kDoneDays),
          .failed = Days(rules.has_failed_days() ? rules.failed_days()
                                                 : kFailedDays)};
}

DueKind DueKindOf(v1::EntryState state) {
  switch (state) {
    case v1::ENTRY_STATE_DONE:
      return DueKind::kDoneEnd;
    case v1::ENTRY_STATE_FAILED:
      return DueKind::kFailedEnd;
    case v1::ENTRY_STATE_DISCARDED:
      return DueKind::kDiscardedEnd;
    default:
      return DueKind::kAttempt;
  }
}

std::set<DuePlace> DuePlacesOf(const StoredEntry& stored) {
  const v1::Entry& entry = stored.entry();
  const bool waits = entry.state() == v1::ENTRY_STATE_RECEIVED;
  std::set<DuePlace> places = {
      {.kind = DueKindOf(entry.state()),
       .due_micros = base::ToMicros(waits ? entry.next_attempt_time()
                                          : entry.expire_time())}};
  if (!entry.address().empty()) {
    const absl::Time end =
        base::FromProto(entry.received_time()) + kAddressKept;
    places.insert(
        {.kind = DueKind::kAddressEnd, .due_micros = absl::ToUnixMicros(end)});
  }
  return places;
}

absl::Duration RetryPause(int retries) {
  // Twice as long 10 times is more than the longest.
  const int doublings = std::clamp(retries - 1, 0, 10);
  return std::min(kFirstPause * (1 << doublings), kLongestPause);
}

void ReceiveEntry(absl::Time now, StoredEntry& stored) {
  v1::Entry& entry = *stored.mutable_entry();
  *entry.mutable_received_time() = base::ToProto(now);
  entry.set_state(v1::ENTRY_STATE_RECEIVED);
  entry.set_attempt_count(1);
  *entry.mutable_next_attempt_time() = base::ToProto(now + kAttemptLease);
  stored.set_leased(true);
}

bool IsAttemptDue(const StoredEntry& stored, absl::Time now) {
  return stored.entry().state() == v1::ENTRY_STATE_RECEIVED &&
         base::FromProto(stored.entry().next_attempt_time()) <= now;
}

bool LeaseAttempt(const JournalRetention& retention, absl::Time now,
                  StoredEntry& stored) {
  if (!IsAttemptDue(stored, now)) return false;
  if (stored.leased()) stored.set_lost_count(stored.lost_count() + 1);
  if (stored.lost_count() >= kMostLostAttempts) {
    FailWith(v1::ENTRY_FAILURE_ATTEMPTS,
             absl::StrCat(kMostLostAttempts,
                          " attempts in a row have ended without a result"),
             retention, now, stored);
    return false;
  }
  v1::Entry& entry = *stored.mutable_entry();
  entry.set_attempt_count(entry.attempt_count() + 1);
  *entry.mutable_next_attempt_time() = base::ToProto(now + kAttemptLease);
  stored.set_leased(true);
  return true;
}

absl::Status SettleAttempt(const v1::SettleEntryRequest& request,
                           const JournalRetention& retention, absl::Time now,
                           StoredEntry& stored) {
  v1::Entry& entry = *stored.mutable_entry();
  if (request.attempt() != entry.attempt_count()) {
    return OtherAttemptError(request.attempt(), entry.attempt_count());
  }
  if (!stored.leased()) return absl::OkStatus();
  AddEffects(request, entry);
  if (request.state() == v1::ENTRY_STATE_DONE) {
    entry.clear_failure();
    entry.clear_reason();
    EndWith(v1::ENTRY_STATE_DONE, retention, now, stored);
  } else if (request.state() == v1::ENTRY_STATE_FAILED) {
    FailWith(request.failure(), request.reason(), retention, now, stored);
  } else {
    RetryLater(request, retention, now, stored);
  }
  return absl::OkStatus();
}

absl::Status DiscardStored(absl::string_view agent, absl::string_view reason,
                           const JournalRetention& retention, absl::Time now,
                           StoredEntry& stored) {
  v1::Entry& entry = *stored.mutable_entry();
  if (entry.state() == v1::ENTRY_STATE_DISCARDED) return absl::OkStatus();
  if (entry.state() == v1::ENTRY_STATE_DONE) {
    return absl::FailedPreconditionError(
        "entry_id: the entry is DONE, want one that is FAILED or RECEIVED");
  }
  if (stored.leased() && !IsAttemptDue(stored, now)) {
    return absl::FailedPreconditionError(
        "entry_id: an attempt is under way; try again in 5 seconds");
  }
  entry.clear_failure();
  entry.set_reason(std::string(reason));
  entry.set_discarded_by(std::string(agent));
  EndWith(v1::ENTRY_STATE_DISCARDED, retention, now, stored);
  return absl::OkStatus();
}

bool ReplayStored(absl::Time now, StoredEntry& stored) {
  v1::Entry& entry = *stored.mutable_entry();
  if (entry.state() != v1::ENTRY_STATE_FAILED &&
      entry.state() != v1::ENTRY_STATE_DISCARDED) {
    return false;
  }
  entry.set_state(v1::ENTRY_STATE_RECEIVED);
  *entry.mutable_next_attempt_time() = base::ToProto(now);
  entry.clear_settle_time();
  entry.clear_expire_time();
  entry.clear_discarded_by();
  return true;
}

bool IsExpired(const StoredEntry& stored, absl::Time now) {
  return stored.entry().has_expire_time() &&
         base::FromProto(stored.entry().expire_time()) <= now;
}

bool IsAddressExpired(const StoredEntry& stored, absl::Time now) {
  return !stored.entry().address().empty() &&
         base::FromProto(stored.entry().received_time()) + kAddressKept <= now;
}

bool IsMeant(const v1::EntryFilter& filter, const v1::Entry& entry) {
  if (filter.state() != v1::ENTRY_STATE_UNSPECIFIED &&
      filter.state() != entry.state()) {
    return false;
  }
  if (!filter.source().empty() && filter.source() != entry.source()) {
    return false;
  }
  if (filter.failure() != v1::ENTRY_FAILURE_UNSPECIFIED &&
      filter.failure() != entry.failure()) {
    return false;
  }
  return IsMeantTime(filter, entry);
}

}  // namespace kith::interactions
