#ifndef KITH_COMMON_TESTING_RECORDED_SPANS_H_
#define KITH_COMMON_TESTING_RECORDED_SPANS_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/trace/otlp.h"
#include "common/trace/span.h"
#include "common/trace/span_queue.h"
#include "kith/internal/v1/otlp.pb.h"

namespace kith::testing {

// Records the spans of this process while it exists, as an exporter does. One
// at a time.
class RecordedSpans {
 public:
  RecordedSpans() {
    trace::SpanQueue::OfProcess().Open();
    trace::exporting = true;
  }
  ~RecordedSpans() {
    trace::exporting = false;
    trace::SpanQueue::OfProcess().Close();
    Take();
  }

  RecordedSpans(const RecordedSpans&) = delete;
  RecordedSpans& operator=(const RecordedSpans&) = delete;

  // Returns the spans that have ended since the last call, in this order, as
  // they are sent.
  static google::protobuf::RepeatedPtrField<internal::v1::Span> Take() {
    return trace::ExportRequest(
               {"test", "1"},
               trace::SpanQueue::OfProcess().Take(trace::SpanQueue::kLimit,
                                                  absl::ZeroDuration()))
        .resource_spans(0)
        .scope_spans(0)
        .spans();
  }
};

// Returns the value of an attribute as text, "" if the span has none.
inline std::string AttributeOf(const internal::v1::Span& span,
                               const std::string& key) {
  for (const auto& each : span.attributes()) {
    if (each.key() != key) continue;
    return each.value().has_int_value() ? absl::StrCat(each.value().int_value())
                                        : each.value().string_value();
  }
  return "";
}

}  // namespace kith::testing

#endif  // KITH_COMMON_TESTING_RECORDED_SPANS_H_
