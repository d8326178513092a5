#ifndef KITH_GATEWAY_EDGE_PROTOCOLS_MESSAGES_H_
#define KITH_GATEWAY_EDGE_PROTOCOLS_MESSAGES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gateway/edge/codecs/metadata.h"
#include "google/protobuf/descriptor.h"

namespace kith::edge {

// Returns "/pkg.Service/Method".
std::string PathOf(const google::protobuf::MethodDescriptor& method);

// True if the method takes one request and gives one response.
bool IsUnary(const google::protobuf::MethodDescriptor& method);

// Returns how long the caller waits by the header grpc-timeout; none if it does
// not say. INVALID_ARGUMENT if that is malformed.
absl::StatusOr<std::optional<absl::Duration>> GrpcTimeout(
    const Headers& headers);

// How the frames of a request are to be read.
struct FrameFormat {
  // Of messages whose flag says that they are compressed.
  absl::string_view coding = "";
  bool is_json = false;
  // The most bytes of all messages.
  size_t most = 0;
};

// Returns the requests in the frames of a body, as bytes. Errors of ReadFrames;
// UNIMPLEMENTED if the method takes one request and there is another number of
// them; INVALID_ARGUMENT if JSON does not fit.
absl::StatusOr<std::vector<std::string>> RequestsIn(
    absl::string_view body, const FrameFormat& format,
    const google::protobuf::MethodDescriptor& method, const JsonCodec& json);

// Returns a response of the method, or its JSON. INTERNAL, which is logged, if
// it has none.
absl::StatusOr<std::string> ResponseText(
    const std::string& bytes, bool is_json,
    const google::protobuf::MethodDescriptor& method, const JsonCodec& json);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PROTOCOLS_MESSAGES_H_
