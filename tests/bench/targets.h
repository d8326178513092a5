#ifndef KITH_TESTS_BENCH_TARGETS_H_
#define KITH_TESTS_BENCH_TARGETS_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/rpc/grpc_status.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "kith/gateway/v1/gateway_service.grpc.pb.h"
#include "kith/identity/v1/identity_service.grpc.pb.h"
#include "tests/bench/load.h"

namespace kith::bench {

// The processes under load, over several connections each, as of several
// clients. Thread-safe.
class Targets {
 public:
  using Gateway = gateway::v1::GatewayService;
  using Identity = identity::v1::IdentityService;
  using Health = grpc::health::v1::Health;

  Targets(const std::string& gateway, const std::string& identity,
          const std::string& token, int connections);

  // Whether all connections stand, before `deadline`.
  bool WaitConnected(absl::Time deadline) const;

  // How many of its connections calls go to from now on.
  void Use(int connections) {
    used_ = std::min<size_t>(connections, gateway_.size());
  }

  // One of those for this call.
  Gateway::StubInterface::async_interface* gateway(uint64_t call) const {
    return gateway_[call % used_]->async();
  }
  Identity::StubInterface::async_interface* identity(uint64_t call) const {
    return identity_[call % used_]->async();
  }

  // The empty call: the gateway's process answers it, and does nothing.
  void CallNothing(uint64_t call, Done done) const;

  // Calls a method of the generated `async` class. `check` tells whether what
  // was answered is what was asked for.
  template <typename Async, typename Request, typename Response>
  void Call(Async* async,
            void (Async::*method)(grpc::ClientContext*, const Request*,
                                  Response*, std::function<void(grpc::Status)>),
            Request request,
            std::type_identity_t<absl::Status (*)(const Response&)> check,
            Done done) const {
    struct State {
      grpc::ClientContext context;
      Request request;
      Response response;
    };
    auto state = std::make_shared<State>();
    state->request = std::move(request);
    SetUp(state->context, kDeadline);
    (async->*method)(
        &state->context, &state->request, &state->response,
        [state, check, done = std::move(done)](const grpc::Status& status) {
          done(status.ok() ? check(state->response) : rpc::FromGrpc(status));
        });
  }

  // Opens a stream for at most a minute; `context` outlives it.
  std::unique_ptr<
      grpc::ClientReaderInterface<gateway::v1::WatchCustomerResponse>>
  Watch(grpc::ClientContext& context, uint64_t call,
        const gateway::v1::WatchCustomerRequest& request) const {
    SetUp(context, kLongDeadline);
    return gateway_[call % used_]->WatchCustomer(&context, request);
  }

  // Calls a method of the gateway's generated stub, which may take long, and
  // waits for the answer.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(
      grpc::Status (Gateway::StubInterface::*method)(grpc::ClientContext*,
                                                     const Request&, Response*),
      const Request& request) const {
    grpc::ClientContext context;
    SetUp(context, kLongDeadline);
    Response response;
    const grpc::Status status =
        (*gateway_[0].*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }

 private:
  static constexpr absl::Duration kDeadline = absl::Seconds(10);
  static constexpr absl::Duration kLongDeadline = absl::Minutes(1);

  void SetUp(grpc::ClientContext& context, absl::Duration timeout) const {
    context.AddMetadata("authorization", authorization_);
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  }

  const std::string authorization_;
  std::atomic<size_t> used_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::vector<std::unique_ptr<Gateway::StubInterface>> gateway_;
  std::vector<std::unique_ptr<Identity::StubInterface>> identity_;
  std::vector<std::unique_ptr<Health::StubInterface>> health_;
};

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_TARGETS_H_
