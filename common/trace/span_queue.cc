#include "common/trace/span_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kith::trace {
namespace {

prometheus::Counter& DroppedBecause(const char* reason) {
  return ops::Counter("kith_trace_spans_dropped_total",
                      "Spans that no collector got, by reason.",
                      {{"reason", reason}});
}

}  // namespace

SpanQueue& SpanQueue::OfProcess() {
  // Never destroyed: calls may end while the process does.
  static auto& queue = *new SpanQueue();
  return queue;
}

void SpanQueue::Open() {
  const absl::MutexLock lock(&mutex_);
  open_ = true;
}

void SpanQueue::Close() {
  const absl::MutexLock lock(&mutex_);
  open_ = false;
}

void SpanQueue::Add(std::unique_ptr<SpanData> span) {
  {
    const absl::MutexLock lock(&mutex_);
    if (!open_) return;
    if (spans_.size() < kLimit) {
      spans_.push_back(std::move(span));
      return;
    }
  }
  Dropped().queue_full.Increment();
}

SpanQueue::Spans SpanQueue::Take(size_t most, absl::Duration wait) {
  const auto wanted = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !open_ || spans_.size() >= most;
  };
  const absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&wanted), wait);
  if (spans_.size() <= most) return std::exchange(spans_, {});
  const auto end = spans_.begin() + static_cast<ptrdiff_t>(most);
  Spans taken(std::make_move_iterator(spans_.begin()),
              std::make_move_iterator(end));
  spans_.erase(spans_.begin(), end);
  return taken;
}

const DroppedSpans& Dropped() {
  static const DroppedSpans dropped = {
      .queue_full = DroppedBecause("queue_full"),
      .not_sent = DroppedBecause("not_sent"),
      .refused = DroppedBecause("refused")};
  return dropped;
}

}  // namespace kith::trace
