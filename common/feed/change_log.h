#ifndef KITH_COMMON_FEED_CHANGE_LOG_H_
#define KITH_COMMON_FEED_CHANGE_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"

namespace kith::feed {

// The tables `outbox` and `changes`: what was committed, in no order yet, and
// the feed. The feed's numbers follow each other without a gap, in the order in
// which they are committed: so whoever has read up to a number has missed
// nothing before it.

// A change in the feed.
struct LoggedChange {
  int64_t sequence = 0;
  uint64_t tenant_id = 0;
  // A kith.changes.v1.Change without its sequence.
  std::string details;
};

// What the feed holds: whoever has read up to a number from `oldest` to
// `newest` can go on. Both 0 where there was no change yet.
struct ChangeBounds {
  int64_t oldest = 0;
  int64_t newest = 0;
};

// How long a change is kept in the feed.
constexpr absl::Duration kChangeLifetime = absl::Hours(7 * 24);

// As many rows as one page has, in the feed and of the outbox.
constexpr int64_t kChangesRead = 500;

// The next page of changes after this number, in order. One that begins with
// another number than the next tells that those between are gone.
absl::StatusOr<std::vector<LoggedChange>> ReadChanges(mysql::Session& session,
                                                      int64_t after);

absl::StatusOr<ChangeBounds> ReadChangeBounds(mysql::Session& session);

// How long the first row of the outbox has waited; zero where it is empty.
absl::StatusOr<absl::Duration> OutboxAge(mysql::Session& session,
                                         absl::Time now);

// The lease of the sequencer.
constexpr char kSequencerLease[] = "sequencer";
constexpr absl::Duration kSequencerLeaseTime = absl::Seconds(3);

// What SequencePage has moved.
struct SequencedPage {
  // When each change was made.
  std::vector<absl::Time> times;
  // The key of the last row; empty where the end of the outbox was reached.
  std::string last_id;
};

// Moves the next page of the outbox behind the key `after` to the end of the
// feed, in one transaction. FAILED_PRECONDITION where `epoch` of the
// sequencer's lease is over.
//
// Rows are read in the order of their keys, each owner's by rising version, by
// one statement and so from one snapshot. A snapshot that has a change has all
// earlier ones of its owner, as each was committed before the next could take
// its version; so none can be moved before an earlier one, whatever else is
// committed late or rolled back.
absl::StatusOr<SequencedPage> SequencePage(mysql::Session& session,
                                           int64_t epoch,
                                           const std::string& after,
                                           absl::Time now);

// Deletes at most a page of changes that are past their lifetime; answers how
// many. The newest always stays: its number is the one to count on from.
absl::StatusOr<int64_t> SweepChanges(mysql::Session& session, absl::Time now);

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_CHANGE_LOG_H_
