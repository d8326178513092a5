#ifndef KITH_COMMON_OPS_TRACE_H_
#define KITH_COMMON_OPS_TRACE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/request_context.h"

namespace kith::ops {

// W3C Trace Context (https://www.w3.org/TR/trace-context/), version 00.

// Takes the trace id from `traceparent`, or begins a trace where it is
// malformed or empty, and makes a new span id.
void ContinueTrace(absl::string_view traceparent,
                   base::RequestContext& context);

// The header for a call that `context` makes.
std::string TraceParent(const base::RequestContext& context);

// The ids among the traces that a call serves beside its own, as a header of
// ours lists them: separated by commas. What is no trace id is left out.
std::vector<std::string> ReadTraceIds(absl::string_view header);

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_TRACE_H_
