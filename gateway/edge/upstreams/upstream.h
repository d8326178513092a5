#ifndef KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_H_
#define KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "gateway/edge/http/exchange.h"
#include "gateway/edge/protocols/rpc_call.h"
#include "gateway/edge/upstreams/upstream_stream.h"

namespace kith::edge {

// A gRPC server behind the edge. Messages pass as bytes, so it needs no stub
// of any service. Thread-safe.
class Upstream {
 public:
  using Done = std::function<void(RpcResult)>;

  // For the server of this process, `channel` is an in-process one: then the
  // gate of each call there is the same for all protocols.
  Upstream(const std::shared_ptr<grpc::Channel>& channel, Place place)
      : stub_(channel), place_(place) {}

  // Starts a call with one request and one response. `done` is called once, on
  // a thread of gRPC that must not block. Without a timeout, the call has the
  // default of the server if that is of this process, else a minute; a timeout
  // above 5 minutes is 5 minutes.
  std::shared_ptr<Exchange> Start(const RpcCall& call, Done done);

  // Prepares a call of any kind. It has no deadline if it has no timeout.
  std::shared_ptr<UpstreamStream> MakeStream(const RpcCall& call);

 private:
  GenericStub stub_;
  const Place place_;
};

// Between the types of gRPC and those of the edge.
grpc::ByteBuffer BufferOf(absl::string_view bytes);
std::string BytesOf(const grpc::ByteBuffer& buffer);
Headers HeadersOf(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata);

// Returns how a call has ended, without a response. Of a server elsewhere that
// could not be reached, it says just that; the log has the reason.
RpcResult ResultOf(const grpc::Status& status,
                   const grpc::ClientContext& context, Place place);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_H_
