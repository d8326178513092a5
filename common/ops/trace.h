#ifndef KITH_COMMON_OPS_TRACE_H_
#define KITH_COMMON_OPS_TRACE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/request_context.h"

namespace kith::ops {

// W3C Trace Context (https://www.w3.org/TR/trace-context/), version 00.

// Sets the trace id of `context` from `traceparent`, and whether the trace is
// sampled. If `traceparent` is empty or malformed, begins a trace, which is
// sampled as SampleTraces says. Sets a new span id. Returns the span id of the
// caller, which points into `traceparent`; empty if a trace begins.
absl::string_view ContinueTrace(absl::string_view traceparent,
                                base::RequestContext& context);

// Sets which part of the traces that begin in this process is sampled: 0 to 1,
// 0 at start. Thread-safe.
void SampleTraces(double ratio);

// Returns 16 hex digits: the id of a new span.
std::string NewSpanId();

// Returns the traceparent header for a call that `context` makes.
std::string TraceParent(const base::RequestContext& context);

// Reads Kith's own header of further traces that a call works for: trace ids,
// separated by commas. Skips whatever is not a trace id.
std::vector<std::string> ReadTraceIds(absl::string_view header);

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_TRACE_H_
