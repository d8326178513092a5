#ifndef KITH_GATEWAY_EDGE_PROTOCOLS_RPC_CALL_H_
#define KITH_GATEWAY_EDGE_PROTOCOLS_RPC_CALL_H_

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "gateway/edge/codecs/metadata.h"
#include "gateway/edge/http/exchange.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/status.pb.h"

namespace kith::edge {

// What a service has answered.
struct RpcResult {
  // Code 0 if the call has succeeded.
  google::rpc::Status status;
  // The response, if it has.
  std::string message;
  Headers leading;
  Headers trailing;
};

// A unary call that a request asks for, whatever its protocol.
struct RpcCall {
  const google::protobuf::MethodDescriptor* method = nullptr;
  // How it was found: the path of the method or a template of REST. For
  // metrics, so never what a caller sent.
  std::string route;
  // The request as bytes.
  std::string message;
  // What of the headers goes on to the service.
  Headers metadata;
  // None: the service has a default.
  std::optional<absl::Duration> timeout;
  // Makes the reply in the protocol of the request.
  std::function<Reply(const RpcResult&)> write;
};

// What a protocol makes of a request: a call, or the reply at once.
using Reading = std::variant<Reply, RpcCall>;

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PROTOCOLS_RPC_CALL_H_
