#ifndef KITH_COMMON_TRACE_EXPORTER_H_
#define KITH_COMMON_TRACE_EXPORTER_H_

#include <functional>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/trace/otlp.h"
#include "common/trace/span_queue.h"
#include "kith/internal/v1/otlp.pb.h"

namespace kith::trace {

// Sends the spans of this process to a collector, on a thread of its own: up to
// kBatch at a time, and each second what there is. What cannot be sent is
// dropped and counted, not sent again. While it exists, spans are recorded; a
// process has one at most. Thread-safe.
class Exporter {
 public:
  // Sends a request. Returns by the deadline; blocks until then at most.
  using Send = std::function<absl::StatusOr<internal::v1::ExportSpansResponse>(
      const internal::v1::ExportSpansRequest& request, absl::Time deadline)>;

  static constexpr size_t kBatch = 512;

  // How long a request may take, and how long the destructor may.
  static constexpr absl::Duration kTimeout = absl::Seconds(1);

  // Creates its metrics, so that they can be scraped from the start.
  Exporter(Resource resource, Send send);

  // Records no more spans, and sends what there is within kTimeout.
  ~Exporter();

 private:
  void Run();
  void SendBatch(const SpanQueue::Spans& spans, absl::Time deadline);

  const Resource resource_;
  const Send send_;
  SpanQueue& queue_;
  // For the thread alone: the last request was taken.
  bool reached_ = true;
  absl::Notification stop_;
  // When the process ends. Set before stop_.
  absl::Time end_ = absl::InfiniteFuture();
  std::thread thread_;
};

}  // namespace kith::trace

#endif  // KITH_COMMON_TRACE_EXPORTER_H_
