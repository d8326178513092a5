#ifndef KITH_GATEWAY_EDGE_PROTOCOLS_RPC_CALL_H_
#define KITH_GATEWAY_EDGE_PROTOCOLS_RPC_CALL_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gateway/edge/codecs/metadata.h"
#include "gateway/edge/http/exchange.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/status.pb.h"

namespace kith::edge {

// How a call has ended.
struct RpcResult {
  // Code 0 if the call has succeeded.
  google::rpc::Status status = {};
  // The response, if a call with one response has succeeded.
  std::string message = {};
  Headers leading = {};
  Headers trailing = {};
};

// Writes the responses of one call in the protocol of its request. Used by one
// thread at a time.
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;

  // Returns the reply to a call that has ended without a response: a head, and
  // the end.
  virtual Reply Whole(const RpcResult& result) const {
    Reply reply = Head(result.leading);
    reply.body = End(result);
    return reply;
  }

  // Returns the reply to a call with responses, without any of them.
  virtual Reply Head(const Headers& leading) const = 0;

  // Returns a response as it is sent. INTERNAL if it cannot be written.
  virtual absl::StatusOr<std::string> Message(
      const std::string& bytes) const = 0;

  // Returns what is sent behind the last response.
  virtual std::string End(const RpcResult& result) const = 0;
};

// A call that a request asks for, whatever its protocol.
struct RpcCall {
  const google::protobuf::MethodDescriptor* method = nullptr;
  // How it was found: the path of the method or a template of REST. For
  // metrics, so never what a caller sent.
  std::string route;
  // The requests as bytes; one, unless the method takes a stream.
  std::vector<std::string> messages;
  // What of the headers goes on to the service.
  Headers metadata;
  // None: the service has a default.
  std::optional<absl::Duration> timeout;
  // Makes the reply in the protocol of the request. Of a call whose responses
  // are sent as they come, null.
  std::function<Reply(const RpcResult&)> write;
  // Of such a call, what writes them.
  std::shared_ptr<const StreamWriter> writer;
};

// What a protocol makes of a request: a call, or the reply at once.
using Reading = std::variant<Reply, RpcCall>;

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PROTOCOLS_RPC_CALL_H_
