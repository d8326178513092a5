#ifndef KITH_TESTS_MODEL_SUITE_H_
#define KITH_TESTS_MODEL_SUITE_H_

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/link.h"
#include "common/testing/service_harness.h"
#include "contacts-svc/service_definition.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/flow_calls.h"
#include "gateway/watch/watch_calls.h"
#include "gateway/watch/watch_hub.h"
#include "identity-svc/service_definition.h"
#include "interactions-svc/service_definition.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"
#include "kith/gateway/v1/gateway_service.grpc.pb.h"
#include "kith/identity/v1/identity_service.grpc.pb.h"
#include "kith/interactions/v1/interactions_service.grpc.pb.h"

namespace kith::model {

// The gateway over the three services, each with a database of its own, in one
// process and with one clock.
class Suite {
 public:
  using Contacts = contacts::v1::ContactsService;
  using Identity = identity::v1::IdentityService;
  using Interactions = interactions::v1::InteractionsService;
  using Gateway = gateway::v1::GatewayService;

  Suite();
  ~Suite();

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Gateway::Stub::*method)(grpc::ClientContext*,
                                            const Request&, Response*),
      const Request& request) {
    return testing::Call(*stub_, method, request);
  }

  // Past the gateway.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Contacts::Stub::*method)(grpc::ClientContext*,
                                             const Request&, Response*),
      const Request& request) {
    return testing::Call(*contacts_stub_, method, request);
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Interactions::Stub::*method)(grpc::ClientContext*,
                                                 const Request&, Response*),
      const Request& request) {
    return testing::Call(*interactions_stub_, method, request);
  }

  absl::Time Now() const { return clock_.Now(); }

  void Advance(absl::Duration by) {
    for (testing::FakeClock* clock : {&contacts_.clock(), &identity_.clock(),
                                      &interactions_.clock(), &clock_}) {
      clock->Advance(by);
    }
  }

 private:
  static constexpr int kWorkers = 4;

  testing::ServiceHarness<Contacts> contacts_{contacts::ServiceDefinition(),
                                              kWorkers};
  testing::ServiceHarness<Identity> identity_{
      identity::ServiceDefinition([] {
        return identity::SuppressionKey("a secret of tests, 32 characters");
      }),
      kWorkers};
  testing::ServiceHarness<Interactions> interactions_{
      interactions::ServiceDefinition(), kWorkers};
  testing::FakeClock clock_{contacts_.clock().Now()};
  rpc::CallGate gate_{Gateway::service_full_name(), testing::TestKeys()};
  // A part that is late would be missing in a view.
  gateway::Backends backends_{
      std::make_shared<rpc::Link>(contacts_.channel()),
      std::make_shared<rpc::Link>(identity_.channel()),
      std::make_shared<rpc::Link>(interactions_.channel()), absl::Minutes(1),
      100};
  gateway::FlowCalls calls_{gate_, 100};
  gateway::WatchHub hub_{gateway::WatchHub::Limits()};
  gateway::WatchCalls watches_{gate_, backends_, hub_, {}};
  std::unique_ptr<grpc::Service> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Gateway::Stub> stub_;
  std::unique_ptr<Contacts::Stub> contacts_stub_;
  std::unique_ptr<Interactions::Stub> interactions_stub_;
};

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_SUITE_H_
