#ifndef KITH_GATEWAY_EDGE_PROTOCOLS_CONNECT_UNARY_H_
#define KITH_GATEWAY_EDGE_PROTOCOLS_CONNECT_UNARY_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gateway/edge/codecs/target.h"
#include "gateway/edge/protocols/rpc_call.h"
#include "gateway/edge/routes/routes.h"

namespace kith::edge {

// The unary part of the Connect protocol (connectrpc.com, "Protocol
// Reference"): POST /pkg.Service/Method with a message as JSON or bytes, and
// GET for methods without side effects. Thread-safe.
class ConnectUnary {
 public:
  // A message of a request has at most `message_bytes`. The references must
  // outlive the object.
  ConnectUnary(const Routes& routes, const JsonCodec& json,
               size_t message_bytes)
      : routes_(routes), json_(json), message_bytes_(message_bytes) {}

  // Reads a request whose path is that of an RPC.
  Reading Read(const Request& request, const Target& target) const;

  // Returns the reply for an error; `http_status` 0 is that of its code.
  static Reply ErrorReply(const absl::Status& error, int http_status = 0);

  // Returns the reply to a request whose media type is not one that the method
  // takes.
  static Reply UnsupportedType(
      const google::protobuf::MethodDescriptor& method);

 private:
  // A message and how it is encoded, wherever in the request they are.
  struct Message {
    std::string bytes;
    bool is_json = false;
    std::string coding;
  };

  Reading ReadPost(const Request& request,
                   const google::protobuf::MethodDescriptor& method) const;
  Reading ReadGet(const Request& request, const Target& target,
                  const google::protobuf::MethodDescriptor& method) const;
  Reading MakeCall(const RequestHead& head,
                   const google::protobuf::MethodDescriptor& method,
                   Message message) const;
  Reply Write(const RpcResult& result,
              const google::protobuf::MethodDescriptor& method, bool is_json,
              bool gzip) const;

  const Routes& routes_;
  const JsonCodec& json_;
  const size_t message_bytes_;
};

// What the unary and the streaming part share.

// INVALID_ARGUMENT if the request is of another version of the protocol.
absl::Status CheckConnectVersion(const Headers& headers);

// Returns how long the caller waits; none if it does not say. INVALID_ARGUMENT
// if that is malformed.
absl::StatusOr<std::optional<absl::Duration>> ConnectTimeout(
    const Headers& headers);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PROTOCOLS_CONNECT_UNARY_H_
