#ifndef KITH_COMMON_TRACE_OTLP_H_
#define KITH_COMMON_TRACE_OTLP_H_

#include <string>

#include "common/trace/span_queue.h"
#include "kith/internal/v1/otlp.pb.h"

namespace kith::trace {

// Which process sends spans: "contacts-svc", and the version of Kith.
struct Resource {
  std::string service_name;
  std::string service_version;
};

// The method that takes the request.
inline constexpr char kExportMethod[] =
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

// Returns the request by which the spans are sent.
internal::v1::ExportSpansRequest ExportRequest(const Resource& resource,
                                               const SpanQueue::Spans& spans);

}  // namespace kith::trace

#endif  // KITH_COMMON_TRACE_OTLP_H_
