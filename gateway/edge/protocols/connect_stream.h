#ifndef KITH_GATEWAY_EDGE_PROTOCOLS_CONNECT_STREAM_H_
#define KITH_GATEWAY_EDGE_PROTOCOLS_CONNECT_STREAM_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gateway/edge/protocols/rpc_call.h"
#include "google/protobuf/descriptor.h"

namespace kith::edge {

// The streaming part of the Connect protocol (connectrpc.com, "Protocol
// Reference"): POST /pkg.Service/Method with application/connect+json or
// application/connect+proto. A stream of requests is read to its end before the
// call starts, so neither end can answer the other within a call. Every reply
// has status 200; its last message says how the call has ended. Thread-safe.
class ConnectStream {
 public:
  // The messages of a request have at most `message_bytes` together. `json`
  // must outlive the object.
  ConnectStream(const JsonCodec& json, size_t message_bytes)
      : json_(json), message_bytes_(message_bytes) {}

  // Returns true if a request with this media type is for this protocol.
  static bool Takes(absl::string_view media_type);

  // Returns the reply for an error that has no call, to a request with such a
  // media type.
  static Reply ErrorReply(const absl::Status& error,
                          absl::string_view media_type);

  // Reads a POST to a method with a stream, or to another one: then it is
  // refused.
  Reading Read(const Request& request,
               const google::protobuf::MethodDescriptor& method) const;

 private:
  const JsonCodec& json_;
  const size_t message_bytes_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PROTOCOLS_CONNECT_STREAM_H_
