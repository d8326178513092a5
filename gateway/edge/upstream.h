#ifndef KITH_GATEWAY_EDGE_UPSTREAM_H_
#define KITH_GATEWAY_EDGE_UPSTREAM_H_

#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <functional>
#include <memory>

#include "gateway/edge/http/exchange.h"
#include "gateway/edge/protocols/rpc_call.h"

namespace kith::edge {

// The gRPC server behind the edge. Messages pass as bytes, so it needs no stub
// of any service. Thread-safe.
class Upstream {
 public:
  using Done = std::function<void(RpcResult)>;

  // `channel` is mostly an in-process one to the server of this process: then
  // the gate of each call there is the same for all protocols.
  explicit Upstream(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(channel) {}

  // Starts a unary call. `done` is called once, on a thread of gRPC that must
  // not block. The call has no deadline if it has no timeout; a timeout above 5
  // minutes is 5 minutes.
  std::shared_ptr<Exchange> Start(const RpcCall& call, Done done);

 private:
  grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer> stub_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_UPSTREAM_H_
