#include "gateway/gateway_harness.h"

#include "common/rpc/callback_threads.h"
#include "gateway/gateway_service.h"
#include "gateway/links/link_keys.h"

namespace kith::gateway {

GatewayHarness::GatewayHarness(int flow_limit,
                               const WatchCalls::Options& watching,
                               std::shared_ptr<const auth::LiveKeys> keys,
                               int calls_per_service,
                               const std::string& service_key_file,
                               std::shared_ptr<const Understander> hooks)
    : gate_(Api::service_full_name(), std::move(keys)),
      calls_(gate_, flow_limit) {
  rpc::KeepCallbackThreads();
  SetUpContacts();
  SetUpIdentity();
  SetUpConsents();
  SetUpInteractions();
  grpc::ServerBuilder builder;
  builder.RegisterService(&contacts);
  builder.RegisterService(&identity);
  builder.RegisterService(&interactions);
  server_ = builder.BuildAndStart();
  const auto link = std::make_shared<rpc::Link>(server_->InProcessChannel({}));
  backends_ =
      std::make_unique<Backends>(link, link, link, absl::Milliseconds(100),
                                 calls_per_service, service_key_file);
  watches_ = std::make_unique<WatchCalls>(gate_, *backends_, hub, watching);
  gateway_ = std::make_unique<GatewayService>(
      calls_, *watches_, *backends_, clock_, Links(), std::move(hooks));
  grpc::ServerBuilder front;
  front.RegisterService(gateway_.get());
  front_ = front.BuildAndStart();
  stub_ = Api::NewStub(front_->InProcessChannel({}));
}

std::shared_ptr<const UnsubscribeLinks> GatewayHarness::Links() {
  return std::make_shared<const UnsubscribeLinks>(
      "https://crm.example.com", LinkKeys({std::string(32, 'k')}));
}

GatewayHarness::~GatewayHarness() {
  record.Release();
  watches_->EndStreams();
  front_->Shutdown();
  front_->Wait();
  server_->Shutdown();
  server_->Wait();
}

void GatewayHarness::SetUpContacts() {
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

void GatewayHarness::SetUpIdentity() {
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
        answer.mutable_identity()->set_channel(value.channel());
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

void GatewayHarness::SetUpConsents() {
  identity.record_consent = [](const auto& request, auto& response) {
    response = request.consent();
    return absl::OkStatus();
  };
  identity.batch_may_contact = [](const auto& request, auto& response) {
    for (int i = 0; i < request.requests_size(); ++i) {
      auto& decided = *response.add_results()->mutable_response();
      decided.set_answer(identity::v1::MAY_CONTACT_ANSWER_YES);
      decided.set_reason(identity::v1::MAY_CONTACT_REASON_GRANTED);
    }
    return absl::OkStatus();
  };
}

void GatewayHarness::SetUpInteractions() {
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
