#ifndef KITH_COMMON_OPS_TRACE_H_
#define KITH_COMMON_OPS_TRACE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/request_context.h"

namespace kith::ops {

// W3C Trace Context (https://www.w3.org/TR/trace-context/), version 00.

// Sets the trace id of `context` from `traceparent`, or to a new one if
// `traceparent` is empty or malformed. Sets a new span id.
void ContinueTrace(absl::string_view traceparent,
                   base::RequestContext& context);

// Returns the traceparent header for a call that `context` makes.
std::string TraceParent(const base::RequestContext& context);

// Reads Kith's own header of further traces that a call works for: trace ids,
// separated by commas. Skips whatever is not a trace id.
std::vector<std::string> ReadTraceIds(absl::string_view header);

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_TRACE_H_
