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
#include "kith/changes/v1/changes.pb.h"

namespace kith::feed {

using SharedChange = std::shared_ptr<const changes::v1::Change>;

// The change as readers get it.
changes::v1::Change ToChange(const LoggedChange& logged);

// Follows the feed's end for all streams of this process, on one thread and one
// session, and keeps the newest changes in memory, bounded. Reads nothing while
// nobody follows. Thread-safe.
class ChangeTail {
 public:
  // `after_poll` is called after each look at the feed, on the tail's thread,
  // with what came of it; it must not block.
  ChangeTail(mysql::SessionOptions options,
             std::function<void(const absl::Status&)> after_poll);
  ~ChangeTail();

  // Follows the feed from the change with this number, its newest; nothing
  // where it is followed already.
  void Follow(int64_t newest);

  // Lets go of everything.
  void Rest();

  // What is after a number.
  struct Page {
    // In order, without a gap. Empty where there is nothing yet, or `behind`.
    std::vector<SharedChange> changes;
    // It is not in memory any more: read it from the database.
    bool behind = false;
  };
  Page After(int64_t sequence) const;

 private:
  void Run();

  // False where the thread must end. Waits while nobody follows.
  bool WaitForFollowers();

  // Reads the next page; answers whether there may be more.
  absl::StatusOr<bool> Poll(mysql::Session& session);

  void Keep(const std::vector<LoggedChange>& page)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const mysql::SessionOptions options_;
  const std::function<void(const absl::Status&)> after_poll_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool following_ ABSL_GUARDED_BY(mutex_) = false;
  // The last number that was read.
  int64_t newest_ ABSL_GUARDED_BY(mutex_) = 0;
  // The newest changes, without a gap, up to `newest_`.
  std::deque<SharedChange> kept_ ABSL_GUARDED_BY(mutex_);
  size_t kept_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_CHANGE_TAIL_H_
