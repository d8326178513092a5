#ifndef KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_API_H_
#define KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_API_H_

#include <grpcpp/channel.h>

#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gateway/edge/codecs/target.h"
#include "gateway/edge/protocols/connect_stream.h"
#include "gateway/edge/protocols/connect_unary.h"
#include "gateway/edge/protocols/grpc_web.h"
#include "gateway/edge/protocols/rest.h"
#include "gateway/edge/routes/routes.h"
#include "gateway/edge/upstreams/upstream.h"
#include "gateway/edge/upstreams/upstream_gate.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace kith::edge {

// The methods of some services that are reached over one channel, in every
// protocol of HTTP. Thread-safe.
class UpstreamApi {
 public:
  // Where the services are, and who may call them.
  struct Target {
    std::shared_ptr<grpc::Channel> channel;
    // Null for the server of this process, whose own gate does that. Must
    // outlive the object.
    const UpstreamGate* gate = nullptr;
  };

  // `pool` has the descriptors of the routes, `factory` makes their messages;
  // both must outlive the object. A message of a request has at most
  // `message_bytes`.
  UpstreamApi(Routes routes, const google::protobuf::DescriptorPool& pool,
              google::protobuf::MessageFactory& factory, const Target& target,
              size_t message_bytes);

  const Routes& routes() const { return routes_; }

  // Reads a request whose path is that of an RPC of these services, or of none
  // of their methods.
  Reading ReadRpc(const Request& request, const edge::Target& target) const;

  // Reads a request to any other path, which has this match of the routes.
  Reading ReadRest(const Request& request, const edge::Target& target,
                   const absl::StatusOr<Routes::RestMatch>& match) const {
    return rest_.Read(request, target, match);
  }

  // Returns the reply for an error without a call, in the protocol of the
  // request; `http_status` 0 is the one that the protocol has for the error.
  // `head` is null if it could not be read.
  Reply ErrorReply(const RequestHead* head, const absl::Status& error,
                   int http_status) const;

  // Null if the server's own gate lets callers in.
  const UpstreamGate* gate() const { return gate_; }

  Upstream& upstream() { return upstream_; }

 private:
  const Routes routes_;
  const JsonCodec json_;
  const ConnectUnary connect_;
  const ConnectStream connect_stream_;
  const GrpcWeb grpc_web_;
  const Rest rest_;
  const UpstreamGate* const gate_;
  Upstream upstream_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_API_H_
