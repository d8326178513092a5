#ifndef KITH_COMMON_MYSQL_WORKER_POOL_H_
#define KITH_COMMON_MYSQL_WORKER_POOL_H_

#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"
#include "common/mysql/watchdog.h"

namespace kith::mysql {

// Threads that each own one database session, behind one bounded queue. So the
// number of sessions is the limit on what runs at once, and handlers are plain
// synchronous code. One thread more looks for deadlines that passed: it takes
// late jobs out of the queue, and ends statements of late ones (see
// Watchdog), so that what nobody waits for holds no worker. Thread-safe.
class WorkerPool {
 public:
  using Job = absl::AnyInvocable<void(Session&)>;
  using Late = absl::AnyInvocable<void()>;

  struct Options {
    int workers = 8;
    size_t queue_limit = 256;
    SessionOptions session;
  };

  explicit WorkerPool(Options options);

  // Runs what is queued, then ends the threads.
  ~WorkerPool();

  // Queues a job. False where the queue is full: nothing was queued. Where
  // `deadline` passes while it waits, `late` runs instead and must not block.
  bool TrySubmit(Job job, absl::Time deadline = absl::InfiniteFuture(),
                 Late late = nullptr);

 private:
  struct Waiting {
    Job job;
    absl::Time deadline;
    Late late;
  };

  void Work();
  void WatchDeadlines();
  void DropLate(absl::Time now);

  const Options options_;
  Watchdog watchdog_;
  absl::Mutex mutex_;
  std::deque<Waiting> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
  absl::Notification idle_;
  std::thread timer_;
};

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_WORKER_POOL_H_
