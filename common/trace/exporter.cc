#include "common/trace/exporter.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"

namespace kith::trace {
namespace {

// How long a span waits for others.
constexpr absl::Duration kLongestWait = absl::Seconds(1);

prometheus::Counter& SentSpans() {
  static auto& sent = ops::Counter("kith_trace_spans_sent_total",
                                   "Spans that the collector has taken.");
  return sent;
}

}  // namespace

Exporter::Exporter(Resource resource, Send send)
    : resource_(std::move(resource)),
      send_(std::move(send)),
      queue_(SpanQueue::OfProcess()) {
  SentSpans();
  Dropped();
  queue_.Open();
  exporting = true;
  thread_ = std::thread([this] { Run(); });
}

Exporter::~Exporter() {
  exporting = false;
  end_ = absl::Now() + kTimeout;
  stop_.Notify();
  // Wakes the thread.
  queue_.Close();
  thread_.join();
}

void Exporter::Run() {
  while (true) {
    // Before the queue is looked into: what is in it now is sent.
    const bool last = stop_.HasBeenNotified();
    const SpanQueue::Spans spans = queue_.Take(kBatch, kLongestWait);
    if (!spans.empty()) {
      SendBatch(spans, std::min(absl::Now() + kTimeout,
                                last ? end_ : absl::InfiniteFuture()));
    } else if (last) {
      return;
    }
  }
}

void Exporter::SendBatch(const SpanQueue::Spans& spans, absl::Time deadline) {
  const auto count = static_cast<double>(spans.size());
  absl::StatusOr<internal::v1::ExportSpansResponse> response =
      absl::DeadlineExceededError("the process ends");
  if (absl::Now() < deadline) {
    response = send_(ExportRequest(resource_, spans), deadline);
  }
  if (response.ok() != std::exchange(reached_, response.ok())) {
    ops::Log(response.ok() ? ops::Severity::kInfo : ops::Severity::kWarning,
             response.ok() ? "spans are sent again" : "spans cannot be sent",
             {{"error", response.status().message()}});
  }
  if (!response.ok()) {
    Dropped().not_sent.Increment(count);
    return;
  }
  const double refused = std::clamp(
      static_cast<double>(response->partial_success().rejected_spans()), 0.0,
      count);
  Dropped().refused.Increment(refused);
  SentSpans().Increment(count - refused);
}

}  // namespace kith::trace
