#ifndef KITH_COMMON_FEED_CHANGE_TAIL_H_
#define KITH_COMMON_FEED_CHANGE_TAIL_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/feed/change_log.h"
#include "common/mysql/session.h"
#include "kith/changes/v1/change.pb.h"

namespace kith::feed {

using SharedChange = std::shared_ptr<const changes::v1::Change>;

// Converts a row of the feed to the change that readers get.
changes::v1::Change ToChange(const LoggedChange& logged);

// Returns the position behind a change that ToChange has made.
FeedPosition PositionOf(const changes::v1::Change& change);

// Reads new changes from the end of the feed once for all streams of this
// process, on one thread and one session, and keeps the newest ones in memory:
// at most 10,000 changes and 16 MiB. Reads nothing while it does not follow.
// Thread-safe.
class ChangeTail {
 public:
  // `after_poll` is called after each poll, on the tail's thread, with the
  // result of the poll. It must not block.
  ChangeTail(mysql::SessionOptions options,
             std::function<void(const absl::Status&)> after_poll);
  ~ChangeTail();

  // Starts to follow the feed after `newest`, the position of the newest change
  // in the feed. Does nothing if the tail follows already.
  void Follow(const FeedPosition& newest);

  // Stops to follow, and forgets all changes. May be called again.
  void Rest();

  // The changes after a number.
  struct Page {
    // In order and without gaps, at most kChangesRead. Empty if there are none
    // yet, or if `behind`.
    std::vector<SharedChange> changes;
    // The next change is not in memory any more: read it from the database.
    bool behind = false;
  };
  // Returns the changes after the number `sequence`. Does no I/O.
  Page After(int64_t sequence) const;

 private:
  // The loop of the thread.
  void Run();

  // Waits while the tail does not follow. Returns false if the thread must end.
  bool WaitForFollowers();

  // Reads the next page. Returns true if there may be more. OUT_OF_RANGE if the
  // database was set back; the tail then rests, since what it has in memory is
  // not in the feed.
  absl::StatusOr<bool> Poll(mysql::Session& session);

  // Appends a page to the changes in memory, and drops the oldest beyond the
  // limits.
  void Keep(const std::vector<LoggedChange>& page)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const mysql::SessionOptions options_;
  const std::function<void(const absl::Status&)> after_poll_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool following_ ABSL_GUARDED_BY(mutex_) = false;
  // Behind the last change that was read.
  FeedPosition newest_ ABSL_GUARDED_BY(mutex_);
  // The newest changes, without a gap, up to `newest_`.
  std::deque<SharedChange> kept_ ABSL_GUARDED_BY(mutex_);
  size_t kept_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_CHANGE_TAIL_H_
