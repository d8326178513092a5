#ifndef KITH_GATEWAY_EDGE_UPSTREAMS_GRPC_PROXY_H_
#define KITH_GATEWAY_EDGE_UPSTREAMS_GRPC_PROXY_H_

#include <grpcpp/generic/async_generic_service.h>

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "gateway/edge/upstreams/remote_services.h"
#include "gateway/edge/upstreams/upstream_gate.h"
#include "gateway/edge/upstreams/upstream_stream.h"

namespace kith::edge {

// Serves the methods of services elsewhere by gRPC: passes messages on as
// bytes, both ways, one at a time, so that the slower end holds back the other.
// UNIMPLEMENTED for any other method. Thread-safe.
class GrpcProxy final : public grpc::CallbackGenericService {
 public:
  // Both must outlive all calls.
  GrpcProxy(const RemoteServices& remote, const UpstreamGate& gate);

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* call) override;

 private:
  const UpstreamGate& gate_;
  // By path: "/pkg.Service/Method".
  absl::flat_hash_map<std::string, std::shared_ptr<GenericStub>> stubs_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_UPSTREAMS_GRPC_PROXY_H_
