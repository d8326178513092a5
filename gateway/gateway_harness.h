#ifndef KITH_GATEWAY_GATEWAY_HARNESS_H_
#define KITH_GATEWAY_GATEWAY_HARNESS_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "common/rpc/call_gate.h"
#include "common/testing/calls.h"
#include "common/testing/fake_clock.h"
#include "common/testing/test_keys.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/flow_calls.h"
#include "gateway/fake_contacts.h"
#include "gateway/fake_identity.h"
#include "gateway/fake_interactions.h"
#include "gateway/hooks/understander.h"
#include "gateway/links/unsubscribe_links.h"
#include "gateway/watch/watch_calls.h"
#include "gateway/watch/watch_hub.h"
#include "kith/gateway/v1/gateway_service.grpc.pb.h"

namespace kith::gateway {

// Contacts of tests. The ids rise.
inline constexpr char kAda[] = "0192f0c1-2a3b-7c4d-8e5f-00000000000a";
inline constexpr char kBob[] = "0192f0c1-2a3b-7c4d-8e5f-00000000000b";
inline constexpr char kCleo[] = "0192f0c1-2a3b-7c4d-8e5f-00000000000c";

class GatewayService;

// The gateway as it is served, on faked services, for tests.
class GatewayHarness {
 public:
  using Api = v1::GatewayService;

  explicit GatewayHarness(
      int flow_limit = 100, const WatchCalls::Options& watching = {},
      std::shared_ptr<const auth::LiveKeys> keys = testing::TestKeys(),
      int calls_per_service = 100, const std::string& service_key_file = "",
      std::shared_ptr<const Understander> hooks = nullptr);
  ~GatewayHarness();

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Api::Stub::*method)(grpc::ClientContext*, const Request&,
                                        Response*),
      const Request& request, testing::TestKey key = testing::kDemo,
      absl::Duration timeout = absl::Seconds(30)) {
    return testing::Call(*stub_, method, request, key, timeout);
  }

  // The links that it makes, at https://crm.example.com.
  static std::shared_ptr<const UnsubscribeLinks> Links();

  Api::Stub& stub() { return *stub_; }
  const Backends& backends() const { return *backends_; }
  WatchCalls& watches() { return *watches_; }

  CallRecord record;
  WatchHub hub{WatchHub::Limits()};
  FakeContacts contacts{record};
  FakeIdentity identity{record};
  FakeInteractions interactions{record};

 private:
  // The default answers: no value has a holder, every contact id is a contact,
  // everybody may be contacted, and every write succeeds.
  void SetUpContacts();
  void SetUpIdentity();
  void SetUpConsents();
  void SetUpInteractions();

  testing::FakeClock clock_{absl::FromUnixSeconds(1'790'000'000)};
  rpc::CallGate gate_;
  FlowCalls calls_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Backends> backends_;
  std::unique_ptr<WatchCalls> watches_;
  std::unique_ptr<GatewayService> gateway_;
  std::unique_ptr<grpc::Server> front_;
  std::unique_ptr<Api::Stub> stub_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_GATEWAY_HARNESS_H_
