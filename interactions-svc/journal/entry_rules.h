#ifndef KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_RULES_H_
#define KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_RULES_H_

#include <cstdint>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"
#include "kith/interactions/v1/journal.pb.h"
#include "kith/internal/v1/journal.pb.h"

namespace kith::interactions {

// How the entries of the journal go from state to state: pure functions over
// what is stored of one entry. See journal.proto.

// How long the lease of an attempt lasts.
inline constexpr absl::Duration kAttemptLease = absl::Seconds(5);

// So many attempts in a row without a result, or that are to be made again, and
// the entry is FAILED.
inline constexpr int kMostLostAttempts = 5;
inline constexpr int kMostRetries = 150;

// How long the address of a request is kept.
inline constexpr absl::Duration kAddressKept = absl::Hours(24 * 30);

// The longest repeat_window, and the one of a request that gives none. As long
// are keys kept.
inline constexpr absl::Duration kLongestRepeatWindow = absl::Hours(24 * 90);

// Returns the repeat_window of a validated request.
absl::Duration RepeatWindow(const v1::RecordEntryRequest& request);

// How long entries are kept after they were settled.
struct JournalRetention {
  absl::Duration done;
  absl::Duration failed;
};

// Returns the retention of a tenant, with the default for what is unset.
JournalRetention RetentionOf(const config::v1::JournalRules& rules);

// What an entry has a place in `journal_due` for. The numbers are stored.
enum class DueKind : uint8_t {
  // Its next attempt.
  kAttempt = 1,
  // Its end, of a DONE, FAILED or DISCARDED entry.
  kDoneEnd = 2,
  kFailedEnd = 3,
  kDiscardedEnd = 4,
  // The end of its address.
  kAddressEnd = 5,
};

// A place of an entry in `journal_due`.
struct DuePlace {
  DueKind kind = DueKind::kAttempt;
  int64_t due_micros = 0;

  friend auto operator<=>(const DuePlace&, const DuePlace&) = default;
};

// Returns the kind of the place that entries of this state have.
DueKind DueKindOf(v1::EntryState state);

// Returns all places of the entry.
std::set<DuePlace> DuePlacesOf(const internal::v1::StoredEntry& stored);

// Returns the pause before an attempt that is made again for the `retries`th
// time in a row, from 1: a second, then twice as long each time, at most 10
// minutes.
absl::Duration RetryPause(int retries);

// Makes a new entry RECEIVED, with the lease of its first attempt.
void ReceiveEntry(absl::Time now, internal::v1::StoredEntry& stored);

// True if the next attempt of the entry may begin.
bool IsAttemptDue(const internal::v1::StoredEntry& stored, absl::Time now);

// Leases the next attempt and returns true, if it is due. If too many have
// ended without a result, the entry becomes FAILED instead.
bool LeaseAttempt(const JournalRetention& retention, absl::Time now,
                  internal::v1::StoredEntry& stored);

// Stores how an attempt has ended. Changes nothing if it has ended already.
// FAILED_PRECONDITION if it is not the last that has begun.
absl::Status SettleAttempt(const v1::SettleEntryRequest& request,
                           const JournalRetention& retention, absl::Time now,
                           internal::v1::StoredEntry& stored);

// Makes the entry DISCARDED. Changes nothing if it is. FAILED_PRECONDITION if
// it is DONE or an attempt is under way.
absl::Status DiscardStored(absl::string_view agent, absl::string_view reason,
                           const JournalRetention& retention, absl::Time now,
                           internal::v1::StoredEntry& stored);

// Makes a FAILED or DISCARDED entry RECEIVED, with its next attempt due at
// once, and returns true. Returns false for any other entry.
bool ReplayStored(absl::Time now, internal::v1::StoredEntry& stored);

// True if the entry is to be deleted.
bool IsExpired(const internal::v1::StoredEntry& stored, absl::Time now);

// True if the address of the entry is to be deleted.
bool IsAddressExpired(const internal::v1::StoredEntry& stored, absl::Time now);

// True if the entry agrees with all that is set in the filter.
bool IsMeant(const v1::EntryFilter& filter, const v1::Entry& entry);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_JOURNAL_ENTRY_RULES_H_
