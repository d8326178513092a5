#include "gateway/flows/consent_flow.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/ops/metrics.h"
#include "common/status/rpc_status.h"
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

// Of own advertising, by the reason.
double RefusedBy(const std::string& reason) {
  return ops::Counter("kith_contacts_refused_total",
                      "Own advertising that was not recorded, by the reason "
                      "why the customer may not be contacted.",
                      {{"reason", reason}})
      .Value();
}

TEST_F(OwnAdvertisingTest, EachRefusalIsCountedByItsReason) {
  Refuse();
  const double refused = RefusedBy("REFUSED");
  const double without = RefusedBy("NO_CONSENT");
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, Advertising()),
              StatusIs(StatusCode::kFailedPrecondition, ""));
  EXPECT_EQ(RefusedBy("REFUSED"), refused + 1);
  EXPECT_EQ(RefusedBy("NO_CONSENT"), without);
}

// No path may lose a refusal.
TEST_F(OwnAdvertisingTest, AnOptOutIsRecordedThoughItWasNotAllowed) {
  Refuse();
  gateway_.interactions.create_action = [](const auto&, auto&) {
    return absl::OkStatus();
  };
  v1::RecordTouchRequest touch = Advertising();
  touch.mutable_interaction()->set_kind(interactions::v1::KIND_CALL);
  touch.mutable_interaction()->set_outcome(
      interactions::v1::OUTCOME_OPT_OUT_ASKED);
  const auto recorded = gateway_.Call(&Stub::RecordTouch, touch);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->interaction().contact_violation(), "REFUSED");
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_EQ(recorded_[0].consent().state(),
            identity::v1::CONSENT_STATE_REFUSED);
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

// By one value it may go, by the other not: which one is it?
TEST_F(OwnAdvertisingTest, IsRefusedWhereTheAnswerDependsOnTheValue) {
  gateway_.identity.batch_may_contact = [](const auto&, auto& response) {
    auto& decided = *response.add_results()->mutable_response();
    decided.set_answer(identity::v1::MAY_CONTACT_ANSWER_MAYBE);
    decided.set_reason(identity::v1::MAY_CONTACT_REASON_DIFFERS);
    decided.add_permissions()->set_consent_id("a-grant");
    return absl::OkStatus();
  };
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, Advertising()),
              StatusIs(StatusCode::kFailedPrecondition,
                       "DIFFERS; name the channel value"));
  EXPECT_THAT(Written(), IsEmpty());
}

TEST_F(OwnAdvertisingTest, AQuestionThatCannotBeAskedIsNoYes) {
  gateway_.identity.batch_may_contact = [](const auto&, auto& response) {
    *response.add_results()->mutable_error() =
        status::ToProto(absl::InvalidArgumentError("value: a placeholder"));
    return absl::OkStatus();
  };
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, Advertising()),
              StatusIs(StatusCode::kInvalidArgument, "a placeholder"));
  EXPECT_THAT(Written(), IsEmpty());
}

v1::RecordTouchRequest ReportOf(v1::RecordTouchRequest advertising) {
  advertising.mutable_interaction()->set_source("mailer");
  advertising.mutable_interaction()->set_external_id("7");
  // What the source says of it does not count.
  advertising.mutable_interaction()->set_contact_violation("none");
  return advertising;
}

TEST_F(OwnAdvertisingTest, AReportIsKeptAndSaysThatItWasAViolation) {
  Refuse();
  const auto recorded =
      gateway_.Call(&Stub::RecordTouch, ReportOf(Advertising()));
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->interaction().contact_violation(), "REFUSED");
}

TEST_F(OwnAdvertisingTest, AReportOfWhatWasAllowedIsNoViolation) {
  const auto recorded =
      gateway_.Call(&Stub::RecordTouch, ReportOf(Advertising()));
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->interaction().contact_violation(), "");
}

TEST_F(OwnAdvertisingTest, ARefusalThatCameLaterMakesNoViolation) {
  gateway_.identity.batch_may_contact = [](const auto&, auto& response) {
    auto& decided = *response.add_results()->mutable_response();
    decided.set_answer(identity::v1::MAY_CONTACT_ANSWER_NO);
    decided.set_reason(identity::v1::MAY_CONTACT_REASON_REFUSED);
    decided.add_permissions()->mutable_recorded_time()->set_seconds(2'000);
    return absl::OkStatus();
  };
  for (const auto& [second, violation] :
       {std::pair<int64_t, std::string>{1'999, ""}, {2'000, "REFUSED"}}) {
    v1::RecordTouchRequest report = ReportOf(Advertising());
    report.mutable_interaction()->mutable_occurred_time()->set_seconds(second);
    const auto recorded = gateway_.Call(&Stub::RecordTouch, report);
    ASSERT_THAT(recorded, IsOk());
    EXPECT_EQ(recorded->interaction().contact_violation(), violation);
  }
}

TEST_F(OwnAdvertisingTest, ServiceAndCustomersAreNone) {
  Refuse();
  v1::RecordTouchRequest service = Advertising();
  service.mutable_interaction()->set_purpose(interactions::v1::PURPOSE_SERVICE);
  v1::RecordTouchRequest inbound = Advertising();
  inbound.mutable_interaction()->set_direction(
      interactions::v1::DIRECTION_INBOUND);
  service.mutable_interaction()->set_contact_violation("REFUSED");
  for (const v1::RecordTouchRequest& touch : {service, inbound}) {
    const auto recorded = gateway_.Call(&Stub::RecordTouch, touch);
    ASSERT_THAT(recorded, IsOk());
    EXPECT_EQ(recorded->interaction().contact_violation(), "");
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

// Its scope is unclear: somebody must look, and marketing waits for nobody.
TEST_F(ConsentFlowTest, AnOptOutBlocksAtOnceAndOpensAReview) {
  std::vector<interactions::v1::CreateActionRequest> reviews;
  gateway_.interactions.create_action = [&](const auto& request, auto&) {
    reviews.push_back(request);
    return absl::OkStatus();
  };
  v1::RecordTouchRequest call = StopMessage();
  call.mutable_interaction()->set_kind(interactions::v1::KIND_CALL);
  call.mutable_interaction()->set_body("please no more of this");
  call.mutable_interaction()->set_outcome(
      interactions::v1::OUTCOME_OPT_OUT_ASKED);
  const auto recorded = gateway_.Call(&Stub::RecordTouch, call);
  ASSERT_THAT(recorded, IsOk());
  ASSERT_THAT(recorded_, SizeIs(1));
  EXPECT_EQ(recorded_[0].consent().state(),
            identity::v1::CONSENT_STATE_REFUSED);
  ASSERT_THAT(reviews, SizeIs(1));
  EXPECT_EQ(reviews[0].action().kind(), config::v1::ACTION_KIND_REVIEW);
  EXPECT_EQ(reviews[0].action().contact_id(), recorded->contact_id());
  EXPECT_EQ(reviews[0].cause(), "opt-out");
}

// A stop word is clear.
TEST_F(ConsentFlowTest, AStopWordAndAPlainTouchOpenNoReview) {
  v1::RecordTouchRequest plain = StopMessage();
  plain.mutable_interaction()->set_body("When do you stop by?");
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, plain), IsOk());
  EXPECT_THAT(recorded_, IsEmpty());
  EXPECT_THAT(gateway_.record.names(), Not(Contains("BatchMayContact")));
  EXPECT_THAT(gateway_.Call(&Stub::RecordTouch, StopMessage()), IsOk());
  EXPECT_THAT(gateway_.record.names(), Not(Contains("CreateAction")));
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
