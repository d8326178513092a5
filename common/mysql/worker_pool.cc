#include "common/mysql/worker_pool.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"
#include "common/ops/metrics.h"

namespace kith::mysql {
namespace {

// How exactly deadlines are kept, and what an idle process wakes for.
constexpr absl::Duration kTick = absl::Milliseconds(20);

prometheus::Gauge& QueueLength() {
  static auto& gauge =
      ops::Gauge("kith_worker_queue_length", "Calls that wait for a worker.");
  return gauge;
}

prometheus::Gauge& Busy() {
  static auto& gauge =
      ops::Gauge("kith_workers_busy", "Workers that run a call.");
  return gauge;
}

}  // namespace

WorkerPool::WorkerPool(Options options)
    : options_(std::move(options)), watchdog_(options_.session) {
  ops::Gauge("kith_workers", "Workers, each with one database session.")
      .Set(options_.workers);
  for (int i = 0; i < options_.workers; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
  timer_ = std::thread([this] { WatchDeadlines(); });
}

WorkerPool::~WorkerPool() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
  idle_.Notify();
  timer_.join();
}

bool WorkerPool::TrySubmit(Job job, absl::Time deadline, Late late) {
  absl::MutexLock lock(&mutex_);
  if (stopping_ || queue_.size() >= options_.queue_limit) return false;
  queue_.push_back({std::move(job), deadline, std::move(late)});
  QueueLength().Set(static_cast<double>(queue_.size()));
  return true;
}

void WorkerPool::Work() {
  Session session(options_.session, &watchdog_);
  const auto wanted = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  };
  while (true) {
    Job job;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&wanted));
      if (queue_.empty()) return;
      job = std::move(queue_.front().job);
      queue_.pop_front();
      QueueLength().Set(static_cast<double>(queue_.size()));
    }
    Busy().Increment();
    // That of the job before is over.
    session.SetDeadline(absl::InfiniteFuture());
    job(session);
    Busy().Decrement();
  }
}

void WorkerPool::WatchDeadlines() {
  while (!idle_.WaitForNotificationWithTimeout(kTick)) {
    const absl::Time now = absl::Now();
    // First: the watchdog may have to connect.
    DropLate(now);
    watchdog_.KillOverdue(now);
  }
}

void WorkerPool::DropLate(absl::Time now) {
  std::vector<Waiting> late;
  {
    absl::MutexLock lock(&mutex_);
    const auto in_time = [&](const Waiting& one) {
      return one.late == nullptr || one.deadline > now;
    };
    if (std::all_of(queue_.begin(), queue_.end(), in_time)) return;
    const auto first =
        std::stable_partition(queue_.begin(), queue_.end(), in_time);
    late.assign(std::make_move_iterator(first),
                std::make_move_iterator(queue_.end()));
    queue_.erase(first, queue_.end());
    QueueLength().Set(static_cast<double>(queue_.size()));
  }
  for (Waiting& one : late) one.late();
}

}  // namespace kith::mysql
