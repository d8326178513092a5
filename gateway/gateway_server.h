#ifndef KITH_GATEWAY_GATEWAY_SERVER_H_
#define KITH_GATEWAY_GATEWAY_SERVER_H_

#include <grpcpp/server.h>

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/key_limiter.h"
#include "common/base/clock.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/link.h"
#include "common/rpc/servable.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/flow_calls.h"
#include "gateway/edge/edge.h"
#include "gateway/edge/upstreams/grpc_proxy.h"
#include "gateway/edge/upstreams/remote_services.h"
#include "gateway/edge/upstreams/upstream_gate.h"
#include "gateway/gateway_options.h"
#include "gateway/gateway_service.h"
#include "gateway/hooks/door/hook_intake.h"
#include "gateway/links/unsubscribe_pages.h"
#include "gateway/visits/visit_pages.h"
#include "gateway/watch/feed_reader.h"
#include "gateway/watch/watch_calls.h"
#include "gateway/watch/watch_hub.h"

namespace kith::gateway {

// The ways to the three services.
struct Channels {
  std::shared_ptr<rpc::Link> contacts;
  std::shared_ptr<rpc::Link> identity;
  std::shared_ptr<rpc::Link> interactions;
};

// Serves the gateway: over gRPC, and over HTTP if that has an address. It can
// serve if contacts-svc can, and identity-svc once could.
class GatewayServer final : public rpc::Servable {
 public:
  // Starts to read the feeds of the services, if there is a key for that.
  GatewayServer(const GatewayOptions& options, GatewayFiles files,
                const Channels& channels);

  std::vector<rpc::NamedService> services() override;
  grpc::CallbackGenericService* others() override { return &proxy_; }
  absl::Status Probe() override { return backends_.Probe(); }
  absl::StatusOr<rpc::Addresses> ListenBeside(grpc::Server& server) override;
  void EndLasting() override;
  void AwaitBeside(absl::Duration most) override;

 private:
  const base::SystemClock clock_;
  const edge::RemoteServices remote_;
  edge::EdgeOptions http_;
  Backends backends_;
  // Streams take no places of the calls, and no form opens one.
  const Backends watched_;
  auth::KeyLimiter limiter_;
  const rpc::CallGate gate_;
  const edge::UpstreamGate remote_gate_;
  edge::GrpcProxy proxy_;
  FlowCalls calls_;
  WatchHub hub_;
  WatchCalls watches_;
  const std::vector<std::unique_ptr<FeedReader>> readers_;
  GatewayService service_;
  // Null if the gateway makes no links.
  std::unique_ptr<UnsubscribePages> link_pages_;
  // Null if there are no connectors.
  std::unique_ptr<HookIntake> hook_intake_;
  // Null if the gateway has no key of its own.
  std::unique_ptr<VisitPages> visit_pages_;
  // Null if HTTP has no address.
  std::unique_ptr<edge::Edge> edge_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_GATEWAY_SERVER_H_
