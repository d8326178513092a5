#include "common/trace/call_span.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace kith::trace {
namespace {

void Describe(absl::string_view service, absl::string_view method, Span& span) {
  span.SetName(absl::StrCat(service, "/", method));
  span.Add("rpc.system", "grpc");
  span.Add("rpc.service", service);
  span.Add("rpc.method", method);
}

// The codes that are an error on the side of the server, by the conventions.
bool IsServersFault(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDataLoss:
      return true;
    default:
      return false;
  }
}

void EndWith(Span& span, absl::StatusCode code, bool failed) {
  span.Add("rpc.grpc.status_code", static_cast<int64_t>(code));
  span.End(failed);
}

}  // namespace

Span StartAnswer(const base::RequestContext& context, absl::string_view caller,
                 const google::protobuf::MethodDescriptor& method) {
  if (!IsRecorded(context)) return Span();
  Span span = Span::Own(context, caller, Side::kServer);
  Describe(method.service()->full_name(), method.name(), span);
  return span;
}

Span StartAnswer(const base::RequestContext& context, absl::string_view caller,
                 absl::string_view path) {
  if (!IsRecorded(context)) return Span();
  Span span = Span::Own(context, caller, Side::kServer);
  const size_t slash = path.rfind('/');
  Describe(absl::StripPrefix(path.substr(0, slash), "/"),
           path.substr(slash + 1), span);
  return span;
}

Span StartCall(const base::RequestContext& context,
               const google::protobuf::MethodDescriptor& method) {
  if (!IsRecorded(context)) return Span();
  Span span = Span::Part(context, Side::kClient);
  Describe(method.service()->full_name(), method.name(), span);
  return span;
}

void EndAnswer(Span& span, absl::StatusCode code) {
  if (span.is_recorded()) EndWith(span, code, IsServersFault(code));
}

void EndCall(Span& span, absl::StatusCode code) {
  if (span.is_recorded()) EndWith(span, code, code != absl::StatusCode::kOk);
}

}  // namespace kith::trace
