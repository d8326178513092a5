#ifndef KITH_COMMON_RPC_WORKER_POOL_H_
#define KITH_COMMON_RPC_WORKER_POOL_H_

#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "common/mysql/session.h"

namespace kith::rpc {

// Threads that each own one database session, behind one bounded queue. So the
// number of sessions is the limit on what runs at once, and handlers are plain
// synchronous code. Thread-safe.
class WorkerPool {
 public:
  using Job = absl::AnyInvocable<void(mysql::Session&)>;

  struct Options {
    int workers = 8;
    size_t queue_limit = 256;
    mysql::SessionOptions session;
  };

  explicit WorkerPool(Options options);

  // Runs what is queued, then ends the threads.
  ~WorkerPool();

  // Queues a job. False where the queue is full: nothing was queued.
  bool TrySubmit(Job job);

 private:
  void Work();

  const Options options_;
  absl::Mutex mutex_;
  std::deque<Job> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_WORKER_POOL_H_
