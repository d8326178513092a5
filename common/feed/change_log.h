#ifndef KITH_COMMON_FEED_CHANGE_LOG_H_
#define KITH_COMMON_FEED_CHANGE_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/api/feed_position.h"
#include "common/mysql/session.h"

namespace kith::feed {

using api::FeedPosition;

// The SQL of the tables `outbox` and `changes`. The outbox has committed
// changes that are not ordered yet; `changes` is the feed. Changes are
// committed to the feed in the order of their numbers, and the numbers have no
// gaps. So whoever has read up to a number has missed nothing before it.

// One change in the feed.
struct LoggedChange {
  FeedPosition position;
  uint64_t tenant_id = 0;
  // A serialised kith.changes.v1.Change without its sequence.
  std::string details;
};

// How long a change stays in the feed.
constexpr absl::Duration kChangeLifetime = absl::Hours(7 * 24);

// The size of a page, in the feed and in the outbox.
constexpr int64_t kChangesRead = 500;

// Returns the next page of changes after `after`, in order and without gaps.
// OUT_OF_RANGE if the feed does not have the change at `after` (any more): it
// is older than kChangeLifetime, or the database was set back to before it.
absl::StatusOr<std::vector<LoggedChange>> ReadChanges(
    mysql::Session& session, const FeedPosition& after);

// Returns the position of the newest change. {0, 0} if there was none yet.
absl::StatusOr<FeedPosition> ReadNewest(mysql::Session& session);

// Returns OK if a reader that has read up to `position` can continue without a
// gap; OUT_OF_RANGE as ReadChanges.
absl::Status CheckPosition(mysql::Session& session,
                           const FeedPosition& position);

// How much the feed keeps.
struct ChangesKept {
  int64_t count = 0;
  // When the oldest change entered the feed. The epoch if there is none.
  absl::Time oldest = absl::UnixEpoch();
};

// Reads how much the feed keeps.
absl::StatusOr<ChangesKept> ReadChangesKept(mysql::Session& session);

// Returns how long the first row of the outbox, in key order, has waited. Zero
// if the outbox is empty.
absl::StatusOr<absl::Duration> OutboxAge(mysql::Session& session,
                                         absl::Time now);

// The name and the duration of the sequencer's lease (see lease.h).
constexpr char kSequencerLease[] = "sequencer";
constexpr absl::Duration kSequencerLeaseTime = absl::Seconds(3);

// What SequencePage has moved.
struct SequencedPage {
  // The time when each change was made.
  std::vector<absl::Time> times;
  // The size of all changes, serialised.
  int64_t bytes = 0;
  // The key of the last row of the page. Empty if the end of the outbox was
  // reached.
  std::string last_id;
};

// Moves the next page of the outbox, behind the key `after`, to the end of the
// feed and extends the sequencer's lease, in one transaction.
// FAILED_PRECONDITION, and nothing is moved, if another process has taken the
// lease since `epoch`.
//
// One statement, and so one snapshot, reads the page in key order; the rows of
// one owner follow each other by rising version. Each change was committed
// before the next one of its owner could take its version. So a snapshot that
// has a change has all earlier ones of the owner that were not moved yet, and
// no change is moved before an earlier one of its owner, no matter what else is
// committed late or rolled back.
absl::StatusOr<SequencedPage> SequencePage(mysql::Session& session,
                                           int64_t epoch,
                                           const std::string& after,
                                           absl::Time now);

// Deletes at most a page of changes that are older than kChangeLifetime.
// Returns the number of deleted changes. Never deletes the newest change,
// because the next number is counted from it.
absl::StatusOr<int64_t> SweepChanges(mysql::Session& session, absl::Time now);

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_CHANGE_LOG_H_
