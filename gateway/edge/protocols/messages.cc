#include "gateway/edge/protocols/messages.h"

#include "absl/strings/str_cat.h"
#include "common/ops/log.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/envelope.h"
#include "gateway/edge/codecs/timeouts.h"

namespace kith::edge {

using google::protobuf::MethodDescriptor;

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

bool IsUnary(const MethodDescriptor& method) {
  return !method.client_streaming() && !method.server_streaming();
}

absl::StatusOr<std::optional<absl::Duration>> GrpcTimeout(
    const Headers& headers) {
  const absl::string_view text = FindHeader(headers, "grpc-timeout");
  if (text.empty()) return std::nullopt;
  return ParseGrpcTimeout(text);
}

absl::StatusOr<std::vector<std::string>> RequestsIn(
    absl::string_view body, const FrameFormat& format,
    const MethodDescriptor& method, const JsonCodec& json) {
  KITH_ASSIGN_OR_RETURN(std::vector<std::string> messages,
                        ReadFrames(body, format.coding, format.most));
  if (!method.client_streaming() && messages.size() != 1) {
    return absl::UnimplementedError(absl::StrCat(
        "the method takes one message, the request has ", messages.size()));
  }
  if (!format.is_json) return messages;
  for (std::string& message : messages) {
    KITH_ASSIGN_OR_RETURN(message, json.ToBytes(*method.input_type(), message));
  }
  return messages;
}

absl::StatusOr<std::string> ResponseText(const std::string& bytes, bool is_json,
                                         const MethodDescriptor& method,
                                         const JsonCodec& json) {
  if (!is_json) return bytes;
  auto text = json.ToJson(*method.output_type(), bytes);
  if (!text.ok()) {
    ops::Log(
        ops::Severity::kError, "a response has no JSON",
        {{"method", method.full_name()}, {"error", text.status().message()}});
  }
  return text;
}

}  // namespace kith::edge
