#ifndef KITH_COMMON_TRACE_SPAN_QUEUE_H_
#define KITH_COMMON_TRACE_SPAN_QUEUE_H_

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/ops/metrics.h"
#include "common/trace/span.h"

namespace kith::trace {

// The spans that have ended and wait to be sent. It is bounded: what has no
// room is dropped and counted in kith_trace_spans_dropped_total. Thread-safe.
class SpanQueue {
 public:
  using Spans = std::vector<std::unique_ptr<SpanData>>;

  // The most spans that wait, of about 1 KB each.
  static constexpr size_t kLimit = 8192;

  // That of all spans of this process, which lives as long as the process. It
  // is closed at start.
  static SpanQueue& OfProcess();

  // Lets spans in. kLimit of them wait at most.
  void Open();

  // Lets no more in. Those that wait stay.
  void Close();

  // Adds a span that has ended, or forgets it if the queue is closed or full.
  void Add(std::unique_ptr<SpanData> span);

  // Removes up to `most` spans. Waits until there are as many, the queue is
  // closed or `wait` has passed.
  Spans Take(size_t most, absl::Duration wait);

 private:
  absl::Mutex mutex_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
  Spans spans_ ABSL_GUARDED_BY(mutex_);
};

// The metric that counts spans that no collector got, by reason.
struct DroppedSpans {
  // There was no room in the queue.
  prometheus::Counter& queue_full;
  // The collector could not be reached, was slow, or has refused the request.
  prometheus::Counter& not_sent;
  // The collector has refused them and taken others of the request.
  prometheus::Counter& refused;
};

// Creates the metric on the first call.
const DroppedSpans& Dropped();

}  // namespace kith::trace

#endif  // KITH_COMMON_TRACE_SPAN_QUEUE_H_
