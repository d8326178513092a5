#ifndef KITH_GATEWAY_GATEWAY_HARNESS_H_
#define KITH_GATEWAY_GATEWAY_HARNESS_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/callback_threads.h"
#include "common/testing/calls.h"
#include "common/testing/fake_clock.h"
#include "common/testing/test_keys.h"
#include "gateway/backends.h"
#include "gateway/fake_backends.h"
#include "gateway/flow_calls.h"
#include "gateway/gateway_service.h"
#include "gateway/watch_calls.h"
#include "gateway/watch_hub.h"

namespace kith::gateway {

// The gateway as it is served, but for the network, over faked services.
class GatewayHarness {
 public:
  using Api = v1::GatewayService;

  explicit GatewayHarness(
      int flow_limit = 100, const WatchCalls::Options& watching = {},
      std::shared_ptr<const rpc::LiveKeys> keys = testing::TestKeys())
      : gate_(Api::service_full_name(), std::move(keys)),
        calls_(gate_, flow_limit) {
    rpc::KeepCallbackThreads();
    SetUpContacts();
    SetUpIdentity();
    SetUpInteractions();
    grpc::ServerBuilder builder;
    builder.RegisterService(&contacts);
    builder.RegisterService(&identity);
    builder.RegisterService(&interactions);
    server_ = builder.BuildAndStart();
    const auto channel = server_->InProcessChannel({});
    backends_ = std::make_unique<Backends>(channel, channel, channel,
                                           absl::Milliseconds(100));
    watches_ = std::make_unique<WatchCalls>(gate_, *backends_, hub, watching);
    gateway_ =
        std::make_unique<GatewayService>(calls_, *watches_, *backends_, clock_);
    grpc::ServerBuilder front;
    front.RegisterService(gateway_.get());
    front_ = front.BuildAndStart();
    stub_ = Api::NewStub(front_->InProcessChannel({}));
  }

  ~GatewayHarness() {
    record.Release();
    watches_->EndStreams();
    front_->Shutdown();
    front_->Wait();
    server_->Shutdown();
    server_->Wait();
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(
      grpc::Status (Api::Stub::*method)(grpc::ClientContext*, const Request&,
                                        Response*),
      const Request& request, testing::TestKey key = testing::kDemo,
      absl::Duration timeout = absl::Seconds(30)) {
    return testing::Call(*stub_, method, request, key, timeout);
  }

  Api::Stub& stub() { return *stub_; }
  WatchCalls& watches() { return *watches_; }

  CallRecord record;
  WatchHub hub{WatchHub::Limits()};
  FakeContacts contacts{record};
  FakeIdentity identity{record};
  FakeInteractions interactions{record};

 private:
  // Nobody is known by a value, every contact id is a contact, and every write
  // works.
  void SetUpContacts();
  void SetUpIdentity();
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

inline void GatewayHarness::SetUpContacts() {
  contacts.batch_get = [](const auto& request, auto& response) {
    for (const std::string& id : request.contact_ids()) {
      contacts::v1::Contact& contact = *response.add_contacts();
      contact.set_contact_id(id);
      contact.set_canonical_id(id);
      contact.add_member_ids(id);
    }
    return absl::OkStatus();
  };
  contacts.batch_ensure = [](const auto& request, auto& response) {
    for (const auto& item : request.requests()) {
      auto& ensured = *response.add_results()->mutable_response();
      *ensured.mutable_contact() = item.contact();
      ensured.mutable_contact()->set_contact_id(item.contact_id());
      ensured.mutable_contact()->set_canonical_id(item.contact_id());
      ensured.set_created(true);
    }
    return absl::OkStatus();
  };
}

inline void GatewayHarness::SetUpIdentity() {
  identity.batch_resolve = [](const auto& request, auto& response) {
    for (int i = 0; i < request.requests_size(); ++i) {
      response.add_results()->mutable_response()->set_outcome(
          identity::v1::RESOLVE_OUTCOME_NONE);
    }
    return absl::OkStatus();
  };
  identity.batch_claim = [](const auto& request, auto& response) {
    for (const auto& item : request.requests()) {
      auto& claimed = *response.add_results()->mutable_response();
      claimed.set_contact_id(item.proposed_contact_id());
      for (const auto& value : item.values()) {
        auto& answer = *claimed.add_values();
        answer.set_outcome(identity::v1::CLAIM_OUTCOME_CLAIMED);
        *answer.mutable_value() = value;
        answer.mutable_identity()->set_identity_key(std::string(32, 'a'));
      }
    }
    return absl::OkStatus();
  };
  identity.list = [](const auto& request, auto& response) {
    for (const auto& set : request.sets()) {
      auto& result = *response.add_results();
      for (const std::string& id : set.contact_ids()) {
        result.add_identities()->set_contact_id(id);
      }
    }
    return absl::OkStatus();
  };
}

inline void GatewayHarness::SetUpInteractions() {
  interactions.activity = [](const auto& request, auto& response) {
    for (const auto& set : request.sets()) {
      auto& result = *response.add_results();
      result.mutable_summary()->add_sales()->set_sold_micros(7);
      for (const std::string& id : set.contact_ids()) {
        result.add_interactions()->set_contact_id(id);
      }
    }
    return absl::OkStatus();
  };
  interactions.lookup = [](const auto& request, auto& response) {
    for (int i = 0; i < request.requests_size(); ++i) {
      response.add_results()->mutable_response();
    }
    return absl::OkStatus();
  };
  interactions.batch_record = [](const auto& request, auto& response) {
    for (const auto& item : request.requests()) {
      auto& recorded = *response.add_results()->mutable_response();
      *recorded.mutable_interaction() = item.interaction();
      recorded.set_outcome(interactions::v1::RECORD_OUTCOME_RECORDED);
    }
    return absl::OkStatus();
  };
}

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_GATEWAY_HARNESS_H_
