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
#include "prometheus/counter.h"
#include "prometheus/gauge.h"

namespace kith::mysql {

// Owns threads that each have one database session, behind one bounded queue.
// The number of sessions limits what runs at once, and handlers are plain
// synchronous code. One more thread watches deadlines: it takes late jobs out
// of the queue, and ends the statements of late jobs (see Watchdog). So no
// worker is busy for a caller that no longer waits. Thread-safe.
class WorkerPool {
 public:
  using Job = absl::AnyInvocable<void(Session&)>;
  using Late = absl::AnyInvocable<void()>;

  struct Options {
    int workers = 8;
    size_t queue_limit = 256;
    SessionOptions session;
  };

  // Starts the threads. A worker connects when a job first uses its session.
  explicit WorkerPool(Options options);

  // Runs the queued jobs, then ends the threads.
  ~WorkerPool();

  // Queues a job. Returns false, and queues nothing, if the queue is full or
  // the pool is being destroyed. If `deadline` passes while the job is in the
  // queue, `late` runs instead of the job, on the thread that watches
  // deadlines; `late` must not block. Without `late`, the job waits and runs
  // after the deadline, too.
  bool TrySubmit(Job job, absl::Time deadline = absl::InfiniteFuture(),
                 Late late = nullptr);

 private:
  struct Waiting {
    Job job;
    absl::Time deadline;
    Late late;
  };

  // The loop of one worker.
  void Work();
  // The loop of the thread that watches deadlines: every 20 ms.
  void WatchDeadlines();
  // Takes the late jobs out of the queue and runs their `late`.
  void DropLate(absl::Time now);

  const Options options_;
  Watchdog watchdog_;
  prometheus::Gauge& queue_length_;
  prometheus::Counter& queue_refused_;
  prometheus::Gauge& busy_;
  absl::Mutex mutex_;
  std::deque<Waiting> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
  absl::Notification idle_;
  std::thread timer_;
};

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_WORKER_POOL_H_
