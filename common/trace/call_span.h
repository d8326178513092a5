#ifndef KITH_COMMON_TRACE_CALL_SPAN_H_
#define KITH_COMMON_TRACE_CALL_SPAN_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/request_context.h"
#include "common/trace/span.h"
#include "google/protobuf/descriptor.h"

namespace kith::trace {

// Spans of gRPC calls, by the semantic conventions for it (docs/rpc/grpc.md and
// docs/rpc/rpc-spans.md of github.com/open-telemetry/semantic-conventions,
// v1.24.0). They are no spans if `context` is not recorded.

// Starts the span of a call where it is answered. `caller` is what
// ops::ContinueTrace has returned.
Span StartAnswer(const base::RequestContext& context, absl::string_view caller,
                 const google::protobuf::MethodDescriptor& method);

// The same by the path of the method, "/package.Service/Method".
Span StartAnswer(const base::RequestContext& context, absl::string_view caller,
                 absl::string_view path);

// Starts the span of a call where it is made, by the flow that `context` is of.
Span StartCall(const base::RequestContext& context,
               const google::protobuf::MethodDescriptor& method);

// Ends the span of an answered call. An answer fails if the server is at fault.
void EndAnswer(Span& span, absl::StatusCode code);

// Ends the span of a call that was made. It fails with every error.
void EndCall(Span& span, absl::StatusCode code);

}  // namespace kith::trace

#endif  // KITH_COMMON_TRACE_CALL_SPAN_H_
