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

// Of the pools of a process, each has a database of its own.
prometheus::Labels LabelsOf(const SessionOptions& session) {
  return {{"database", session.database}};
}

}  // namespace

WorkerPool::WorkerPool(Options options)
    : options_(std::move(options)),
      watchdog_(options_.session),
      queue_length_(ops::Gauge("kith_worker_queue_length",
                               "Calls that wait for a worker.",
                               LabelsOf(options_.session))),
      queue_refused_(
          ops::Counter("kith_worker_queue_refused_total",
                       "Calls refused because too many wait for a worker.",
                       LabelsOf(options_.session))),
      busy_(ops::Gauge("kith_workers_busy", "Workers that run a call.",
                       LabelsOf(options_.session))) {
  ops::Gauge("kith_workers", "Workers, each with one database session.",
             LabelsOf(options_.session))
      .Set(options_.workers);
  ops::Gauge("kith_worker_queue_limit", "Calls that may wait for a worker.",
             LabelsOf(options_.session))
      .Set(static_cast<double>(options_.queue_limit));
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
  if (stopping_) return false;
  if (queue_.size() >= options_.queue_limit) {
    queue_refused_.Increment();
    return false;
  }
  queue_.push_back({std::move(job), deadline, std::move(late)});
  queue_length_.Set(static_cast<double>(queue_.size()));
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
      queue_length_.Set(static_cast<double>(queue_.size()));
    }
    busy_.Increment();
    // That of the job before is over.
    session.SetDeadline(absl::InfiniteFuture());
    job(session);
    busy_.Decrement();
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
    queue_length_.Set(static_cast<double>(queue_.size()));
  }
  for (Waiting& one : late) one.late();
}

}  // namespace kith::mysql
