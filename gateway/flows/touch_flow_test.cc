#include "gateway/flows/touch_flow.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/violations.h"
#include "common/status/rpc_status.h"
#include "common/testing/matchers.h"
#include "gateway/flows/lacking_keys_fixture.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Stub = v1::GatewayService::Stub;

v1::RecordTouchRequest PhoneCall() {
  v1::RecordTouchRequest request;
  identity::v1::ChannelValue& phone = *request.add_identities();
  phone.set_channel(identity::v1::CHANNEL_PHONE);
  phone.set_value("(415) 555-2671");
  request.mutable_interaction()->set_kind(interactions::v1::KIND_CALL);
  request.mutable_interaction()->mutable_occurred_time()->set_seconds(1e9);
  request.set_request_id("touch-1");
  return request;
}

class TouchFlowTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::RecordTouchResponse> Record(
      const v1::RecordTouchRequest& request) {
    return gateway_.Call(&Stub::RecordTouch, request);
  }

  void HoldAllBy(const std::string& contact_id) {
    gateway_.identity.batch_resolve = [contact_id](const auto& request,
                                                   auto& response) {
      for (int i = 0; i < request.requests_size(); ++i) {
        auto& identity = *response.add_results()
                              ->mutable_response()
                              ->add_candidates()
                              ->mutable_identity();
        identity.set_contact_id(contact_id);
        identity.set_identity_key(std::string(32, 'b'));
      }
      return absl::OkStatus();
    };
  }

  // Bob stands for everybody; `read_` are those who were asked for by id.
  void AbsorbAll() {
    gateway_.contacts.batch_get = [this](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        read_.push_back(id);
        response.add_contacts()->set_contact_id(id);
        response.mutable_contacts()->rbegin()->set_canonical_id(kBob);
      }
      return absl::OkStatus();
    };
    gateway_.contacts.batch_ensure = [](const auto& request, auto& response) {
      for (const auto& item : request.requests()) {
        auto& contact =
            *response.add_results()->mutable_response()->mutable_contact();
        contact.set_contact_id(item.contact_id());
        contact.set_canonical_id(kBob);
      }
      return absl::OkStatus();
    };
  }

  std::vector<std::string> read_;
  GatewayHarness gateway_;
};

TEST_F(TouchFlowTest, ANewValueIsClaimedEnsuredRecordedInThisOrder) {
  const auto touch = Record(PhoneCall());
  ASSERT_THAT(touch, IsOk());
  EXPECT_TRUE(touch->contact_created());
  EXPECT_EQ(touch->interaction().contact_id(), touch->contact_id());
  EXPECT_EQ(touch->interaction().identity_key(), std::string(32, 'a'));
  EXPECT_EQ(touch->identities(0).outcome(),
            identity::v1::CLAIM_OUTCOME_CLAIMED);
  std::vector<std::string> names = gateway_.record.names();
  ASSERT_THAT(names, SizeIs(5));
  EXPECT_THAT(std::vector(names.begin() + 2, names.end()),
              ElementsAre("BatchClaimIdentities", "BatchEnsureContacts",
                          "BatchRecordInteractions"));
}

TEST_F(TouchFlowTest, ARepeatProposesTheSameContact) {
  const auto first = Record(PhoneCall());
  const auto again = Record(PhoneCall());
  EXPECT_EQ(first->contact_id(), again->contact_id());
  auto other = PhoneCall();
  other.set_request_id("touch-2");
  EXPECT_NE(Record(other)->contact_id(), first->contact_id());
}

TEST_F(TouchFlowTest, ARepeatWithoutATimeProposesTheSameContact) {
  auto request = PhoneCall();
  request.mutable_interaction()->clear_occurred_time();
  EXPECT_EQ(Record(request)->contact_id(), Record(request)->contact_id());
}

TEST_F(TouchFlowTest, AKnownCustomerIsNotClaimed) {
  HoldAllBy(kAda);
  const auto touch = Record(PhoneCall());
  ASSERT_THAT(touch, IsOk());
  EXPECT_EQ(touch->contact_id(), kAda);
  EXPECT_EQ(touch->interaction().identity_key(), std::string(32, 'b'));
  EXPECT_EQ(touch->identities(0).outcome(), identity::v1::CLAIM_OUTCOME_HELD);
  EXPECT_THAT(
      gateway_.record.names(),
      UnorderedElementsAre("BatchFindRecordings", "BatchResolveIdentities",
                           "BatchEnsureContacts", "BatchRecordInteractions"));
}

TEST_F(TouchFlowTest, TheCanonicalContactIsOfTheAnswerThatWasThereAnyway) {
  AbsorbAll();
  HoldAllBy(kAda);
  EXPECT_EQ(Record(PhoneCall())->canonical_id(), kBob);
  EXPECT_THAT(gateway_.record.names(), Not(Contains("BatchGetContacts")));
  auto by_id = PhoneCall();
  by_id.clear_identities();
  by_id.set_contact_id(kAda);
  const auto touch = Record(by_id);
  EXPECT_EQ(touch->contact_id(), kAda);
  EXPECT_EQ(touch->canonical_id(), kBob);
}

TEST_F(TouchFlowTest, WhatWasKnownOrIsCorrectedIsReadOnceForABatch) {
  AbsorbAll();
  gateway_.interactions.lookup = [](const auto&, auto& response) {
    auto& known = *response.add_results()->mutable_response()->mutable_known();
    known.mutable_interaction()->set_contact_id(kAda);
    response.add_results()->mutable_response();
    response.add_results()->mutable_response();
    return absl::OkStatus();
  };
  // The second is a correction: it stays with Cleo.
  gateway_.interactions.batch_record = [](const auto& request, auto& response) {
    for (const auto& item : request.requests()) {
      auto& recorded = *response.add_results()->mutable_response();
      *recorded.mutable_interaction() = item.interaction();
    }
    response.mutable_results(0)
        ->mutable_response()
        ->mutable_interaction()
        ->set_contact_id(kCleo);
    return absl::OkStatus();
  };
  v1::BatchRecordTouchesRequest batch;
  for (int i = 0; i < 3; ++i) *batch.add_touches() = PhoneCall();
  const auto recorded = gateway_.Call(&Stub::BatchRecordTouches, batch);
  ASSERT_THAT(recorded, IsOk());
  for (const auto& result : recorded->results()) {
    EXPECT_EQ(result.response().canonical_id(), kBob);
  }
  EXPECT_THAT(read_, UnorderedElementsAre(kAda, kCleo));
}

TEST_F(TouchFlowTest, WhatWasKnownOfNoContactHasNoCanonicalOne) {
  gateway_.contacts.batch_get = [](const auto&, auto&) {
    return absl::OkStatus();
  };
  gateway_.interactions.lookup = [](const auto&, auto& response) {
    auto& known = *response.add_results()->mutable_response()->mutable_known();
    known.mutable_interaction()->set_contact_id(kAda);
    return absl::OkStatus();
  };
  auto request = PhoneCall();
  request.clear_identities();
  request.set_contact_id(kAda);
  const auto touch = Record(request);
  ASSERT_THAT(touch, IsOk());
  EXPECT_EQ(touch->canonical_id(), "");
}

TEST_F(TouchFlowTest, APurchaseMakesACustomer) {
  contacts::v1::EnsureContactRequest seen;
  auto ensure = gateway_.contacts.batch_ensure;
  gateway_.contacts.batch_ensure = [&](const auto& request, auto& response) {
    seen = request.requests(0);
    return ensure(request, response);
  };
  auto purchase = PhoneCall();
  purchase.mutable_interaction()->set_kind(interactions::v1::KIND_PURCHASE);
  ASSERT_THAT(Record(purchase), IsOk());
  EXPECT_EQ(seen.at_least_stage(), contacts::v1::STAGE_CUSTOMER);
}

TEST_F(TouchFlowTest, AVisitorIsAnonymous) {
  contacts::v1::EnsureContactRequest seen;
  auto ensure = gateway_.contacts.batch_ensure;
  gateway_.contacts.batch_ensure = [&](const auto& request, auto& response) {
    seen = request.requests(0);
    return ensure(request, response);
  };
  auto visit = PhoneCall();
  visit.mutable_identities(0)->set_channel(identity::v1::CHANNEL_VISITOR);
  ASSERT_THAT(Record(visit), IsOk());
  EXPECT_EQ(seen.contact().stage(), contacts::v1::STAGE_ANONYMOUS);
}

TEST_F(TouchFlowTest, AKnownRequestWritesNothing) {
  gateway_.interactions.lookup = [](const auto&, auto& response) {
    auto& known = *response.add_results()->mutable_response()->mutable_known();
    known.set_outcome(interactions::v1::RECORD_OUTCOME_KNOWN);
    known.mutable_interaction()->set_contact_id(kAda);
    return absl::OkStatus();
  };
  const auto touch = Record(PhoneCall());
  ASSERT_THAT(touch, IsOk());
  EXPECT_EQ(touch->contact_id(), kAda);
  EXPECT_EQ(touch->outcome(), interactions::v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(touch->canonical_id(), kAda);
  EXPECT_THAT(
      gateway_.record.names(),
      UnorderedElementsAre("BatchFindRecordings", "BatchResolveIdentities",
                           "BatchGetContacts"));
}

TEST_F(TouchFlowTest, AnotherBodyUnderAKnownRequestIdWritesNothing) {
  gateway_.interactions.lookup = [](const auto&, auto& response) {
    response.add_results()->mutable_error()->set_code(
        static_cast<int>(StatusCode::kInvalidArgument));
    return absl::OkStatus();
  };
  EXPECT_THAT(Record(PhoneCall()), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_THAT(gateway_.record.names(), SizeIs(2));
}

TEST_F(TouchFlowTest, AnUnknownContactIdIsRefusedBeforeAnythingIsWritten) {
  gateway_.contacts.batch_get = [](const auto&, auto&) {
    return absl::OkStatus();
  };
  auto request = PhoneCall();
  request.clear_identities();
  request.set_contact_id(kAda);
  EXPECT_THAT(Record(request), StatusIs(StatusCode::kNotFound, kAda));
  EXPECT_THAT(gateway_.record.names(),
              UnorderedElementsAre("BatchFindRecordings", "BatchGetContacts"));
}

TEST_F(TouchFlowTest, AFailedStepFailsTheTouch) {
  gateway_.contacts.batch_ensure = [](const auto&, auto&) {
    return absl::UnavailableError("");
  };
  EXPECT_THAT(Record(PhoneCall()),
              StatusIs(StatusCode::kUnavailable, "contacts-svc"));
}

TEST_F(TouchFlowTest, EveryFaultOfARequestIsNamed) {
  v1::RecordTouchRequest request;
  request.set_contact_id("17");
  request.add_identities();
  const auto refused = Record(request);
  for (const char* fault :
       {"exactly one", "want a UUID", "channel", "interaction: not set"}) {
    EXPECT_THAT(refused, StatusIs(StatusCode::kInvalidArgument, fault));
  }
  auto no_namespace = PhoneCall();
  no_namespace.mutable_identities(0)->set_channel(identity::v1::CHANNEL_SOCIAL);
  EXPECT_THAT(Record(no_namespace), StatusIs(StatusCode::kInvalidArgument,
                                             "identities[0].namespace"));
  auto no_key = PhoneCall();
  no_key.clear_request_id();
  EXPECT_THAT(Record(no_key), StatusIs(StatusCode::kInvalidArgument,
                                       "so that a repeat is safe"));
  EXPECT_THAT(gateway_.record.names(), IsEmpty());
}

// The result of a batch: INVALID_ARGUMENT by this field.
google::rpc::Status Refusal(const std::string& field) {
  api::Violations violations;
  violations.Add(field, "bad");
  return status::ToProto(violations.ToStatus());
}

TEST_F(TouchFlowTest, WhatServicesRefuseIsNamedAsTheCallerNamesItAllAtOnce) {
  gateway_.identity.batch_resolve = [](const auto&, auto& response) {
    *response.add_results()->mutable_error() = Refusal("value.value");
    response.add_results()->mutable_response();
    *response.add_results()->mutable_error() = Refusal("value.namespace");
    return absl::OkStatus();
  };
  gateway_.interactions.lookup = [](const auto&, auto& response) {
    *response.add_results()->mutable_error() = Refusal("interaction.topic");
    return absl::OkStatus();
  };
  auto request = PhoneCall();
  *request.add_identities() = request.identities(0);
  *request.add_identities() = request.identities(0);
  EXPECT_THAT(
      Record(request),
      StatusIs(StatusCode::kInvalidArgument,
               "identities[0].value: bad; identities[2].namespace: bad; "
               "interaction.topic: bad"));
}

TEST_F(TouchFlowTest, WhatAClaimRefusesIsNamedAsTheCallerNamesIt) {
  gateway_.identity.batch_claim = [](const auto&, auto& response) {
    *response.add_results()->mutable_error() = Refusal("values[0].value");
    return absl::OkStatus();
  };
  EXPECT_THAT(Record(PhoneCall()), StatusIs(StatusCode::kInvalidArgument,
                                            "identities[0].value: bad"));
}

// Whether or not the touch needs the step: what a batch of others needs, and
// what a repeat does, nobody knows.
TEST(TouchScopesTest, AKeyWithoutAScopeOfAStepIsRefusedBeforeAnyStep) {
  for (const char* scope :
       {"contacts.read", "contacts.write", "identity.read", "identity.write",
        "interactions.read", "interactions.write"}) {
    GatewayHarness gateway(100, {}, KeysWithout({scope}));
    v1::BatchRecordTouchesRequest batch;
    *batch.add_touches() = PhoneCall();
    const auto told = absl::StrCat("the API key lacks the scope ", scope);
    EXPECT_THAT(gateway.Call(&Stub::RecordTouch, PhoneCall()),
                StatusIs(StatusCode::kPermissionDenied, told));
    EXPECT_THAT(gateway.Call(&Stub::BatchRecordTouches, batch),
                StatusIs(StatusCode::kPermissionDenied, told));
    EXPECT_THAT(gateway.record.names(), IsEmpty());
  }
  GatewayHarness gateway(100, {},
                         KeysWithout({"identity.read", "contacts.write"}));
  EXPECT_THAT(gateway.Call(&Stub::RecordTouch, PhoneCall()),
              StatusIs(StatusCode::kPermissionDenied,
                       "lacks the scopes contacts.write, identity.read"));
}

TEST_F(TouchFlowTest, AnAttributionOfNoTimeIsRefusedBeforeAnythingIsWritten) {
  auto request = PhoneCall();
  auto& attribution = *request.mutable_contact()->mutable_attribution();
  attribution.set_affiliate("ann");
  EXPECT_THAT(Record(request), IsOk());
  const auto before = gateway_.record.names();
  // The zero time of Go, of the interaction if the attribution has none.
  auto& occurred = *request.mutable_interaction()->mutable_occurred_time();
  occurred.set_seconds(-62'135'596'800);
  EXPECT_THAT(Record(request), StatusIs(StatusCode::kInvalidArgument,
                                        "interaction.occurred_time: want"));
  *attribution.mutable_touch_time() = occurred;
  EXPECT_THAT(Record(request),
              StatusIs(StatusCode::kInvalidArgument,
                       "contact.attribution.touch_time: want a time from 1990 "
                       "to a day from now"));
  EXPECT_EQ(gateway_.record.names(), before);
}

TEST_F(TouchFlowTest, AFormIsToldNothingOfWhoIsKnown) {
  v1::BatchRecordTouchesRequest batch;
  *batch.add_touches() = PhoneCall();
  const auto ask = [&](testing::TestKey key) {
    const auto one = gateway_.Call(&Stub::RecordTouch, PhoneCall(), key);
    const auto many = gateway_.Call(&Stub::BatchRecordTouches, batch, key);
    EXPECT_THAT(one, IsOk());
    EXPECT_THAT(many, IsOk());
    return std::vector<std::string>{
        one->contact_id(), one->interaction().contact_id(), one->canonical_id(),
        many->results(0).response().contact_id()};
  };
  HoldAllBy(kAda);
  EXPECT_THAT(ask(testing::kDemo), Not(Contains(std::string())));
  EXPECT_THAT(
      ask(testing::kDemoPublic),
      ElementsAre(std::string(), std::string(), std::string(), std::string()));
}

TEST_F(TouchFlowTest, AFormNamesNoContactId) {
  auto request = PhoneCall();
  request.clear_identities();
  request.set_contact_id(kAda);
  const auto refused =
      gateway_.Call(&Stub::RecordTouch, request, testing::kDemoPublic);
  EXPECT_THAT(refused,
              StatusIs(StatusCode::kPermissionDenied, "names no contact"));
  EXPECT_THAT(gateway_.record.names(), IsEmpty());
}

TEST_F(TouchFlowTest, ACorrectionMakesNoContact) {
  AbsorbAll();
  gateway_.interactions.lookup = [](const auto&, auto& response) {
    response.add_results()->mutable_response()->set_contact_id(kAda);
    return absl::OkStatus();
  };
  auto request = PhoneCall();
  request.mutable_contact()->set_display_name("Ada");
  const auto touch = Record(request);
  ASSERT_THAT(touch, IsOk());
  EXPECT_EQ(touch->contact_id(), kAda);
  EXPECT_EQ(touch->canonical_id(), kBob);
  EXPECT_FALSE(touch->contact_created());
  EXPECT_THAT(
      gateway_.record.names(),
      UnorderedElementsAre("BatchFindRecordings", "BatchResolveIdentities",
                           "BatchGetContacts", "BatchClaimIdentities",
                           "BatchEnsureContacts", "BatchRecordInteractions"));
}

TEST_F(TouchFlowTest, ACorrectionClaimsForTheContactOfWhatItCorrects) {
  gateway_.interactions.lookup = [](const auto&, auto& response) {
    response.add_results()->mutable_response()->set_contact_id(kAda);
    return absl::OkStatus();
  };
  std::string only, holder = kAda;
  gateway_.identity.batch_claim = [&](const auto& request, auto& response) {
    only = request.requests(0).only_contact_id();
    auto& claimed = *response.add_results()->mutable_response();
    claimed.set_contact_id(holder);
    identity::v1::ClaimedValue& value = *claimed.add_values();
    value.set_outcome(identity::v1::CLAIM_OUTCOME_CLAIMED);
    value.mutable_identity()->set_contact_id(holder);
    value.mutable_identity()->set_channel(identity::v1::CHANNEL_PHONE);
    return absl::OkStatus();
  };
  gateway_.interactions.batch_record = [](const auto& request, auto& response) {
    auto& recorded = *response.add_results()->mutable_response();
    *recorded.mutable_interaction() = request.requests(0).interaction();
    recorded.set_outcome(interactions::v1::RECORD_OUTCOME_CORRECTED);
    return absl::OkStatus();
  };
  const auto own = Record(PhoneCall());
  ASSERT_THAT(own, IsOk());
  EXPECT_EQ(only, kAda);
  EXPECT_EQ(own->contact_id(), kAda);
  EXPECT_THAT(own->identities(), SizeIs(1));
  // Of somebody else, or of nobody: the correction stays where it is.
  for (const char* other : {kBob, ""}) {
    holder = other;
    const auto corrected = Record(PhoneCall());
    ASSERT_THAT(corrected, IsOk());
    EXPECT_EQ(corrected->contact_id(), kAda);
    EXPECT_THAT(corrected->identities(), IsEmpty());
  }
}

TEST_F(TouchFlowTest, ABatchAnswersEachItem) {
  v1::BatchRecordTouchesRequest batch;
  *batch.add_touches() = PhoneCall();
  batch.add_touches();
  *batch.add_touches() = PhoneCall();
  batch.mutable_touches(2)->set_request_id("touch-2");
  const auto recorded = gateway_.Call(&Stub::BatchRecordTouches, batch);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_TRUE(recorded->results(0).has_response());
  EXPECT_EQ(recorded->results(1).error().code(),
            static_cast<int>(StatusCode::kInvalidArgument));
  EXPECT_TRUE(recorded->results(2).has_response());
  EXPECT_THAT(
      gateway_.Call(&Stub::BatchRecordTouches, v1::BatchRecordTouchesRequest()),
      StatusIs(StatusCode::kInvalidArgument, "want 1 to 200"));
}

}  // namespace
}  // namespace kith::gateway
