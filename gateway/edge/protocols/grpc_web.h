#ifndef KITH_GATEWAY_EDGE_PROTOCOLS_GRPC_WEB_H_
#define KITH_GATEWAY_EDGE_PROTOCOLS_GRPC_WEB_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gateway/edge/protocols/rpc_call.h"
#include "google/protobuf/descriptor.h"

namespace kith::edge {

// gRPC-Web (grpc/grpc, doc/PROTOCOL-WEB.md): POST /pkg.Service/Method with
// application/grpc-web or application/grpc-web-text, which is base64; messages
// are bytes, or JSON with "+json". For methods that take one request. Every
// reply to a call has status 200; its last frame says how the call has ended.
// Thread-safe.
class GrpcWeb {
 public:
  // A message of a request has at most `message_bytes`. `json` must outlive the
  // object.
  GrpcWeb(const JsonCodec& json, size_t message_bytes)
      : json_(json), message_bytes_(message_bytes) {}

  // Returns true if a request with this media type is for this protocol.
  static bool Takes(absl::string_view media_type);

  // Reads a request with such a media type, whatever its HTTP method. `method`
  // is null if its path is that of none.
  Reading Read(const Request& request,
               const google::protobuf::MethodDescriptor* method) const;

  // Returns the reply for an error that has no call, to a request with this
  // media type.
  static Reply ErrorReply(const absl::Status& error, int http_status,
                          absl::string_view media_type);

 private:
  // Adds to a call what the request has but for its method.
  absl::Status Fill(const Request& request, bool is_text, bool is_json,
                    RpcCall& call) const;

  const JsonCodec& json_;
  const size_t message_bytes_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PROTOCOLS_GRPC_WEB_H_
