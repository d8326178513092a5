#include "gateway/flows/consent_flow.h"

#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "gateway/gateway_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::kDemoPublic;
using ::kith::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Stub = v1::GatewayService::Stub;

class ConsentFlowTest : public ::testing::Test {
 protected:
  ConsentFlowTest() {
    gateway_.identity.record_consent = [this](const auto& request,
                                              auto& response) {
      recorded_.push_back(request);
      if (request.contact_id().empty()) return not_repeated_;
      response = request.consent();
      response.set_contact_id(request.contact_id());
      return absl::OkStatus();
    };
    gateway_.identity.list_consents = [this](const auto& request,
                                             auto& response) {
      listed_.push_back(request);
      response.add_consents()->set_contact_id(kBob);
      response.set_next_page_token("next");
      return absl::OkStatus();
    };
    gateway_.contacts.batch_get = [this](const auto& request, auto& response) {
      for (const std::string& id : request.contact_ids()) {
        if (id == unknown_) continue;
        auto& contact = *response.add_contacts();
        contact.set_contact_id(id);
        contact.set_canonical_id(kBob);
        contact.add_member_ids(id);
        contact.add_member_ids(kBob);
      }
      return absl::OkStatus();
    };
  }

  static v1::RecordConsentRequest Asking(const std::string& request_id = "") {
    v1::RecordConsentRequest request;
    request.mutable_customer()->set_contact_id(kAda);
    request.mutable_consent()->set_topic("news");
    request.mutable_consent()->set_state(identity::v1::CONSENT_STATE_PENDING);
    request.mutable_value()->set_value("ada@example.com");
    request.set_request_id(request_id);
    return request;
  }

  GatewayHarness gateway_;
  std::string unknown_;
  std::vector<identity::v1::RecordConsentRequest> recorded_;
  std::vector<identity::v1::ListConsentsRequest> listed_;
  absl::Status not_repeated_ = absl::NotFoundError("nothing to repeat");
};

TEST_F(ConsentFlowTest, AWordIsOfTheContactThatIsMeantAndItsGroup) {
  const auto recorded = gateway_.Call(&Stub::RecordConsent, Asking());
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->contact_id(), kAda);
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_THAT(recorded_[0].member_ids(), ElementsAre(kAda, kBob));
  EXPECT_EQ(recorded_[0].value().value(), "ada@example.com");
  EXPECT_NE(recorded_[0].request_id(), "");
}

TEST_F(ConsentFlowTest, ARepeatIsAskedForThoughTheCustomerIsGone) {
  unknown_ = kAda;
  EXPECT_THAT(gateway_.Call(&Stub::RecordConsent, Asking()),
              StatusIs(StatusCode::kNotFound, "customer: nobody"));
  EXPECT_THAT(recorded_, IsEmpty());
  not_repeated_ = absl::OkStatus();
  EXPECT_THAT(gateway_.Call(&Stub::RecordConsent, Asking("r-1")), IsOk());
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_EQ(recorded_[0].forwarded().fingerprint().size(), 32U);
}

// https://github.com/knadh/listmonk/issues/2996
TEST_F(ConsentFlowTest, AFormIsAnsweredTheSameForEverybody) {
  const auto known = gateway_.Call(&Stub::RecordConsent, Asking(), kDemoPublic);
  ASSERT_THAT(known, IsOk());
  unknown_ = kAda;
  const auto unknown =
      gateway_.Call(&Stub::RecordConsent, Asking(), kDemoPublic);
  ASSERT_THAT(unknown, IsOk());
  EXPECT_THAT(*known, testing::EqualsProto(*unknown));
  EXPECT_EQ(known->contact_id(), "");
  EXPECT_EQ(known->topic(), "news");
  gateway_.identity.record_consent = [](const auto&, auto&) {
    return absl::FailedPreconditionError("not held");
  };
  unknown_.clear();
  const auto not_held =
      gateway_.Call(&Stub::RecordConsent, Asking(), kDemoPublic);
  ASSERT_THAT(not_held, IsOk());
  EXPECT_THAT(*not_held, testing::EqualsProto(*known));
}

TEST_F(ConsentFlowTest, WhatAFormDoesWrongIsSaidForEverybody) {
  gateway_.identity.record_consent = [](const auto&, auto&) {
    return absl::InvalidArgumentError("consent.method: not set");
  };
  for (const char* unknown : {"", kAda}) {
    unknown_ = unknown;
    EXPECT_THAT(gateway_.Call(&Stub::RecordConsent, Asking(), kDemoPublic),
                StatusIs(StatusCode::kInvalidArgument, "consent.method"));
  }
}

TEST_F(ConsentFlowTest, TheRecordsOfAllMembersAreListed) {
  v1::ListConsentsRequest request;
  request.mutable_customer()->set_contact_id(kAda);
  request.set_page_size(7);
  request.set_page_token("here");
  const auto listed = gateway_.Call(&Stub::ListConsents, request);
  ASSERT_THAT(listed, IsOk());
  EXPECT_EQ(listed->next_page_token(), "next");
  EXPECT_EQ(listed->canonical_id(), kBob);
  ASSERT_THAT(listed_, SizeIs(1));
  EXPECT_THAT(listed_[0].set().contact_ids(), ElementsAre(kAda, kBob));
  EXPECT_EQ(listed_[0].set().page_token(), "here");
  EXPECT_EQ(listed_[0].page_size(), 7);
}

TEST_F(ConsentFlowTest, ABatchAnswersInItsOrderAndAsksForWhomItKnows) {
  unknown_ = kAda;
  v1::BatchMayContactRequest batch;
  for (const char* id : {kBob, kAda, kCleo}) {
    batch.add_requests()->mutable_customer()->set_contact_id(id);
  }
  const auto answers = gateway_.Call(&Stub::BatchMayContact, batch);
  ASSERT_THAT(answers, IsOk());
  ASSERT_THAT(answers->results(), SizeIs(3));
  EXPECT_EQ(answers->results(0).response().answer(),
            identity::v1::MAY_CONTACT_ANSWER_YES);
  EXPECT_EQ(answers->results(0).response().canonical_id(), kBob);
  EXPECT_EQ(answers->results(1).error().code(), 5);
  EXPECT_EQ(answers->results(2).response().canonical_id(), kBob);
}

class OwnAdvertisingTest : public ConsentFlowTest {
 protected:
  static v1::RecordTouchRequest Advertising() {
    v1::RecordTouchRequest touch;
    touch.set_request_id("touch-1");
    touch.set_contact_id(kAda);
    auto& interaction = *touch.mutable_interaction();
    interaction.set_kind(interactions::v1::KIND_EMAIL);
    interaction.set_direction(interactions::v1::DIRECTION_OUTBOUND);
    interaction.set_purpose(interactions::v1::PURPOSE_MARKETING);
    return touch;
  }

  void Refuse() {
    gateway_.identity.batch_may_contact = [this](const auto& request,
                                                 auto& response) {
      for (const auto& one : request.requests()) {
        asked_.push_back(one);
        auto& decided = *response.add_results()->mutable_response();
        decided.set_answer(identity::v1::MAY_CONTACT_ANSWER_NO);
        decided.set_reason(identity::v1::MAY_CONTACT_REASON_REFUSED);
        decided.add_permissions()->set_consent_id("the-record");
      }
      return absl::OkStatus();
    };
  }

  std::vector<std::string> Written() const {
    std::vector<std::string> names;
    for (const std::string& name : gateway_.record.names()) {
      if (name.find("Claim") != std::string::npos ||
          name.find("Ensure") != std::string::npos ||
          name == "BatchRecordInteractions") {
        names.push_back(name);
      }
    }
    return names;
  }

  std::vector<identity::v1::MayContactRequest> asked_;
};

TEST_F(OwnAdvertisingTest, IsRefusedBeforeAnythingIsWritten) {
  Refuse();
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, Advertising()),
              StatusIs(StatusCode::kFailedPrecondition,
                       "REFUSED, by the record the-record"));
  EXPECT_THAT(Written(), IsEmpty());
  ASSERT_THAT(asked_, SizeIs(1));
  EXPECT_EQ(asked_[0].channel(), identity::v1::CHANNEL_EMAIL);
  EXPECT_THAT(asked_[0].contact_ids(), ElementsAre(kAda, kBob));
}

TEST_F(OwnAdvertisingTest, IsRecordedWhereItMayBe) {
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, Advertising()), IsOk());
}

TEST_F(OwnAdvertisingTest, AnAdIsOneWhateverItsDirection) {
  Refuse();
  v1::RecordTouchRequest ad = Advertising();
  ad.mutable_interaction()->set_kind(interactions::v1::KIND_AD);
  ad.mutable_interaction()->clear_direction();
  ad.mutable_interaction()->clear_purpose();
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, ad),
              StatusIs(StatusCode::kFailedPrecondition, "REFUSED"));
}

TEST_F(OwnAdvertisingTest, NobodyKnownHasConsented) {
  v1::RecordTouchRequest touch = Advertising();
  touch.clear_contact_id();
  touch.add_identities()->set_channel(identity::v1::CHANNEL_EMAIL);
  touch.mutable_identities(0)->set_value("new@example.com");
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, touch),
              StatusIs(StatusCode::kFailedPrecondition, "NO_CONSENT"));
  EXPECT_THAT(Written(), IsEmpty());
}

TEST_F(OwnAdvertisingTest, ReportsServiceAndCustomersAreNone) {
  Refuse();
  v1::RecordTouchRequest report = Advertising();
  report.mutable_interaction()->set_source("mailer");
  report.mutable_interaction()->set_external_id("7");
  v1::RecordTouchRequest service = Advertising();
  service.mutable_interaction()->set_purpose(interactions::v1::PURPOSE_SERVICE);
  v1::RecordTouchRequest inbound = Advertising();
  inbound.mutable_interaction()->set_direction(
      interactions::v1::DIRECTION_INBOUND);
  for (const v1::RecordTouchRequest& touch : {report, service, inbound}) {
    EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, touch), IsOk());
  }
  EXPECT_THAT(gateway_.record.names(), Not(Contains("BatchMayContact")));
}

TEST_F(OwnAdvertisingTest, WithoutAnAnswerNothingIsSent) {
  gateway_.identity.batch_may_contact = [](const auto&, auto&) {
    return absl::UnavailableError("away");
  };
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, Advertising()),
              StatusIs(StatusCode::kUnavailable, ""));
  EXPECT_THAT(Written(), IsEmpty());
}

TEST_F(OwnAdvertisingTest, ARepeatOfWhatWasSentIsAnswered) {
  Refuse();
  gateway_.interactions.lookup = [](const auto& request, auto& response) {
    for (int i = 0; i < request.requests_size(); ++i) {
      auto& known = *response.add_results()->mutable_response();
      known.mutable_known()->mutable_interaction()->set_contact_id(kAda);
      known.mutable_known()->set_outcome(
          interactions::v1::RECORD_OUTCOME_KNOWN);
    }
    return absl::OkStatus();
  };
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, Advertising()), IsOk());
}

TEST_F(OwnAdvertisingTest, InABatchOnlyThatTouchFails) {
  Refuse();
  v1::BatchRecordTouchesRequest batch;
  *batch.add_touches() = Advertising();
  *batch.add_touches() = Advertising();
  batch.mutable_touches(1)->set_request_id("touch-2");
  batch.mutable_touches(1)->mutable_interaction()->set_purpose(
      interactions::v1::PURPOSE_SERVICE);
  const auto recorded = gateway_.Call(&Stub::BatchRecordTouches, batch);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->results(0).error().code(), 9);
  EXPECT_TRUE(recorded->results(1).has_response());
}

v1::RecordTouchRequest StopMessage() {
  v1::RecordTouchRequest touch;
  touch.set_request_id("touch-1");
  touch.add_identities()->set_channel(identity::v1::CHANNEL_PHONE);
  touch.mutable_identities(0)->set_value("+14155552671");
  auto& interaction = *touch.mutable_interaction();
  interaction.set_kind(interactions::v1::KIND_MESSAGE);
  interaction.set_direction(interactions::v1::DIRECTION_INBOUND);
  interaction.set_body("STOP");
  return touch;
}

TEST_F(ConsentFlowTest, AStopWordIsRecordedBeforeItsInteraction) {
  ASSERT_THAT(gateway_.Call(&Stub::RecordTouch, StopMessage()), IsOk());
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_EQ(recorded_[0].consent().state(),
            identity::v1::CONSENT_STATE_REFUSED);
  EXPECT_EQ(recorded_[0].consent().identity_key(), std::string(32, 'a'));
  const std::vector<std::string> names = gateway_.record.names();
  ASSERT_GE(names.size(), 2U);
  EXPECT_EQ(names[names.size() - 2], "RecordConsent");
  EXPECT_EQ(names.back(), "BatchRecordInteractions");
}

TEST_F(ConsentFlowTest, ATouchWhoseRefusalIsNotRecordedFailsAndIsRepeated) {
  gateway_.identity.record_consent = [](const auto&, auto&) {
    return absl::UnavailableError("away");
  };
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, StopMessage()),
              StatusIs(StatusCode::kUnavailable, ""));
  EXPECT_THAT(gateway_.record.names(),
              Not(Contains("BatchRecordInteractions")));
}

TEST_F(ConsentFlowTest, AStartWordThatCannotBeTakenFailsNoTouch) {
  gateway_.identity.record_consent = [](const auto&, auto&) {
    return absl::FailedPreconditionError("not held");
  };
  v1::RecordTouchRequest start = StopMessage();
  start.mutable_interaction()->set_body("START");
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, start), IsOk());
}

}  // namespace
}  // namespace kith::gateway
