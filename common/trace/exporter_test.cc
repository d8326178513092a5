#include "common/trace/exporter.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/ops/metrics.h"
#include "common/trace/span_queue.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::trace {
namespace {

using internal::v1::ExportSpansRequest;
using internal::v1::ExportSpansResponse;

// Ends a span, as a call does.
void EndOne() {
  base::RequestContext context;
  context.trace_id = std::string(32, 'a');
  context.span_id = std::string(16, 'b');
  context.sampled = true;
  if (!IsRecorded(context)) return;
  Span span = Span::Own(context, "", Side::kServer);
  span.SetName("a");
  span.End(/*failed=*/false);
}

double NotSent() { return Dropped().not_sent.Value(); }
double QueueFull() { return Dropped().queue_full.Value(); }

// A collector that keeps the sizes of the requests.
class Collector {
 public:
  Exporter::Send Sender(const absl::Status& status = absl::OkStatus(),
                        int64_t refused = 0) {
    return [this, status, refused](
               const ExportSpansRequest& request,
               absl::Time deadline) -> absl::StatusOr<ExportSpansResponse> {
      EXPECT_LE(deadline, absl::Now() + Exporter::kTimeout);
      const absl::MutexLock lock(&mutex_);
      sizes_.push_back(request.resource_spans(0).scope_spans(0).spans().size());
      if (!status.ok()) return status;
      ExportSpansResponse response;
      response.mutable_partial_success()->set_rejected_spans(refused);
      return response;
    };
  }

  int Total() {
    const absl::MutexLock lock(&mutex_);
    int total = 0;
    for (const int size : sizes_) total += size;
    return total;
  }

  // Waits until the collector has got so many spans.
  void Await(int spans) {
    const auto got = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      int total = 0;
      for (const int size : sizes_) total += size;
      return total >= spans;
    };
    const absl::MutexLock lock(&mutex_);
    EXPECT_TRUE(
        mutex_.AwaitWithTimeout(absl::Condition(&got), absl::Seconds(30)));
  }

  std::vector<int> sizes() {
    const absl::MutexLock lock(&mutex_);
    return sizes_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<int> sizes_ ABSL_GUARDED_BY(mutex_);
};

TEST(ExporterTest, SendsWhatThereIsWithinASecondOrSo) {
  Collector collector;
  const Exporter exporter({"a", "1"}, collector.Sender());
  EndOne();
  EndOne();
  collector.Await(2);
}

TEST(ExporterTest, SendsAtMostABatchAtATimeAndTheRestAtTheEnd) {
  Collector collector;
  {
    const Exporter exporter({"a", "1"}, collector.Sender());
    for (size_t i = 0; i < 3 * Exporter::kBatch + 7; ++i) EndOne();
  }
  EXPECT_EQ(collector.Total(), 3 * Exporter::kBatch + 7);
  for (const int size : collector.sizes()) EXPECT_LE(size, Exporter::kBatch);
  // It is over.
  EndOne();
  EXPECT_EQ(collector.Total(), 3 * Exporter::kBatch + 7);
}

TEST(ExporterTest, WhatTheCollectorDoesNotTakeIsDroppedAndCounted) {
  Collector collector;
  const double not_sent = NotSent();
  {
    const Exporter exporter({"a", "1"},
                            collector.Sender(absl::UnavailableError("down")));
    EndOne();
    EndOne();
  }
  EXPECT_EQ(NotSent(), not_sent + 2);
  EXPECT_EQ(collector.Total(), 2);
  const double refused = Dropped().refused.Value();
  {
    const Exporter exporter({"a", "1"},
                            collector.Sender(absl::OkStatus(), /*refused=*/1));
    EndOne();
    EndOne();
  }
  EXPECT_EQ(Dropped().refused.Value(), refused + 1);
}

// A collector that takes its time until it is let go.
struct Slow {
  Exporter::Send Sender() {
    return [this](const ExportSpansRequest&,
                  absl::Time deadline) -> absl::StatusOr<ExportSpansResponse> {
      if (!asked.HasBeenNotified()) asked.Notify();
      go.WaitForNotificationWithTimeout(deadline - absl::Now());
      return absl::DeadlineExceededError("slow");
    };
  }

  absl::Notification asked;
  absl::Notification go;
};

TEST(ExporterTest, ASlowCollectorCostsSpansAndNoTime) {
  Slow collector;
  const double full = QueueFull();
  {
    const Exporter exporter({"a", "1"}, collector.Sender());
    EndOne();
    collector.asked.WaitForNotification();
    // Meanwhile the queue takes as many as it holds.
    const absl::Time start = absl::Now();
    for (size_t i = 0; i < SpanQueue::kLimit + 100; ++i) EndOne();
    EXPECT_LT(absl::Now() - start, absl::Milliseconds(900));
    EXPECT_EQ(QueueFull(), full + 100);
    collector.go.Notify();
  }
}

TEST(ExporterTest, EndsWithinASecondThoughTheCollectorHangs) {
  Slow collector;
  const double dropped = NotSent();
  absl::Time end;
  {
    const Exporter exporter({"a", "1"}, collector.Sender());
    for (size_t i = 0; i < 4 * Exporter::kBatch; ++i) EndOne();
    collector.asked.WaitForNotification();
    end = absl::Now() + Exporter::kTimeout;
  }
  EXPECT_LT(absl::Now(), end + absl::Milliseconds(500));
  EXPECT_EQ(NotSent(), dropped + 4 * Exporter::kBatch);
}

TEST(SpanQueueTest, GivesTheOldestFirst) {
  SpanQueue queue;
  queue.Open();
  for (const char* name : {"a", "b", "c"}) {
    auto span = std::make_unique<SpanData>();
    span->name = name;
    queue.Add(std::move(span));
  }
  const SpanQueue::Spans first = queue.Take(2, absl::InfiniteDuration());
  ASSERT_EQ(first.size(), 2);
  EXPECT_EQ(first[0]->name, "a");
  EXPECT_EQ(first[1]->name, "b");
  queue.Close();
  queue.Add(std::make_unique<SpanData>());
  const SpanQueue::Spans rest = queue.Take(2, absl::InfiniteDuration());
  ASSERT_EQ(rest.size(), 1);
  EXPECT_EQ(rest[0]->name, "c");
}

}  // namespace
}  // namespace kith::trace
