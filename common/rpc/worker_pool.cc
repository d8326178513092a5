#include "common/rpc/worker_pool.h"

#include <utility>

#include "common/ops/metrics.h"

namespace kith::rpc {
namespace {

prometheus::Gauge& Waiting() {
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

WorkerPool::WorkerPool(Options options) : options_(std::move(options)) {
  ops::Gauge("kith_workers", "Workers, each with one database session.")
      .Set(options_.workers);
  for (int i = 0; i < options_.workers; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

WorkerPool::~WorkerPool() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::TrySubmit(Job job) {
  absl::MutexLock lock(&mutex_);
  if (stopping_ || queue_.size() >= options_.queue_limit) return false;
  queue_.push_back(std::move(job));
  Waiting().Set(static_cast<double>(queue_.size()));
  return true;
}

void WorkerPool::Work() {
  mysql::Session session(options_.session);
  const auto wanted = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  };
  while (true) {
    Job job;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&wanted));
      if (queue_.empty()) return;
      job = std::move(queue_.front());
      queue_.pop_front();
      Waiting().Set(static_cast<double>(queue_.size()));
    }
    Busy().Increment();
    job(session);
    Busy().Decrement();
  }
}

}  // namespace kith::rpc
