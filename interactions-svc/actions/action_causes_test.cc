#include "interactions-svc/actions/action_causes.h"

#include <set>
#include <string>
#include <vector>

#include "common/base/times.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using internal::v1::ActionCause;
using internal::v1::StoredAction;
using ::testing::ElementsAre;

v1::Interaction Of(v1::Kind kind, v1::Direction direction, v1::Purpose purpose,
                   v1::Outcome outcome = v1::OUTCOME_UNSPECIFIED) {
  v1::Interaction interaction;
  interaction.set_kind(kind);
  interaction.set_direction(direction);
  interaction.set_purpose(purpose);
  interaction.set_outcome(outcome);
  return interaction;
}

struct Case {
  v1::Interaction interaction;
  bool asks_call_back;
  bool asks_first_contact;
  bool answers_call;
  bool answers_lead;
};

std::vector<Case> Cases() {
  const auto in = v1::DIRECTION_INBOUND;
  const auto out = v1::DIRECTION_OUTBOUND;
  const auto service = v1::PURPOSE_SERVICE;
  const auto sales = v1::PURPOSE_SALES;
  const auto marketing = v1::PURPOSE_MARKETING;
  return {
      {Of(v1::KIND_CALL, in, service, v1::OUTCOME_MISSED), true, false, false,
       false},
      {Of(v1::KIND_CALL, in, sales, v1::OUTCOME_VOICEMAIL), true, false, false,
       false},
      {Of(v1::KIND_CALL, in, marketing, v1::OUTCOME_MISSED), false, false,
       false, false},
      {Of(v1::KIND_CALL, in, service), false, false, false, false},
      {Of(v1::KIND_CALL, in, service, v1::OUTCOME_ANSWERED), false, false, true,
       true},
      {Of(v1::KIND_CALL, out, service, v1::OUTCOME_ANSWERED), false, false,
       true, true},
      {Of(v1::KIND_CALL, in, service, v1::OUTCOME_OPT_OUT_ASKED), false, false,
       true, true},
      {Of(v1::KIND_CALL, out, service, v1::OUTCOME_MISSED), false, false, false,
       false},
      {Of(v1::KIND_CALL, out, service, v1::OUTCOME_VOICEMAIL), false, false,
       false, true},
      {Of(v1::KIND_EMAIL, in, sales), false, true, false, false},
      {Of(v1::KIND_WEB_EVENT, in, sales), false, true, false, false},
      {Of(v1::KIND_EMAIL, in, sales, v1::OUTCOME_FAILED), false, false, false,
       false},
      {Of(v1::KIND_EMAIL, in, service), false, false, false, false},
      {Of(v1::KIND_EMAIL, out, service), false, false, false, true},
      {Of(v1::KIND_EMAIL, out, marketing), false, false, false, false},
      {Of(v1::KIND_EMAIL, out, service, v1::OUTCOME_FAILED), false, false,
       false, false},
      {Of(v1::KIND_PURCHASE, in, sales), false, false, false, false},
  };
}

TEST(ActionCausesTest, WhatAsksAndWhatAnswers) {
  for (const Case& c : Cases()) {
    EXPECT_EQ(Asks(Ask::kCallBack, c.interaction), c.asks_call_back)
        << c.interaction.DebugString();
    EXPECT_EQ(Asks(Ask::kFirstContact, c.interaction), c.asks_first_contact)
        << c.interaction.DebugString();
    EXPECT_EQ(Answers(Ask::kCallBack, c.interaction), c.answers_call)
        << c.interaction.DebugString();
    EXPECT_EQ(Answers(Ask::kFirstContact, c.interaction), c.answers_lead)
        << c.interaction.DebugString();
  }
}

TEST(ActionCausesTest, MachinesThreadsAndFormsAskAndAnswerNothing) {
  v1::Interaction lead =
      Of(v1::KIND_EMAIL, v1::DIRECTION_INBOUND, v1::PURPOSE_SALES);
  lead.set_automated(true);
  EXPECT_FALSE(Asks(Ask::kFirstContact, lead));
  lead.set_automated(false);
  lead.set_thread_id("0192f0c1-2a3b-7c4d-8e5f-60718293a4b5");
  EXPECT_FALSE(Asks(Ask::kFirstContact, lead));
  v1::Interaction call = Of(v1::KIND_CALL, v1::DIRECTION_OUTBOUND,
                            v1::PURPOSE_SERVICE, v1::OUTCOME_ANSWERED);
  call.set_assurance(config::v1::ASSURANCE_UNAUTHENTICATED);
  EXPECT_FALSE(Answers(Ask::kCallBack, call));
  EXPECT_FALSE(Answers(Ask::kFirstContact, call));
  call.clear_assurance();
  EXPECT_TRUE(Answers(Ask::kCallBack, call));
  call.set_automated(true);
  EXPECT_FALSE(Answers(Ask::kCallBack, call));
  EXPECT_FALSE(Answers(Ask::kFirstContact, call));
}

TEST(ActionCausesTest, APublicFormAnswersNoCall) {
  for (const v1::Direction direction :
       {v1::DIRECTION_INBOUND, v1::DIRECTION_OUTBOUND}) {
    v1::Interaction call =
        Of(v1::KIND_CALL, direction, v1::PURPOSE_SERVICE, v1::OUTCOME_ANSWERED);
    call.set_assurance(config::v1::ASSURANCE_REPORTED);
    EXPECT_TRUE(Answers(Ask::kCallBack, call));
    call.set_assurance(config::v1::ASSURANCE_UNAUTHENTICATED);
    EXPECT_FALSE(Answers(Ask::kCallBack, call));
  }
}

ActionCause Cause(int64_t micros) {
  ActionCause cause;
  cause.set_interaction_id(std::to_string(micros));
  cause.set_occurred_micros(micros);
  return cause;
}

std::vector<int64_t> Times(const StoredAction& stored) {
  std::vector<int64_t> times;
  for (const ActionCause& cause : stored.causes()) {
    times.push_back(cause.occurred_micros());
  }
  return times;
}

TEST(ActionCausesTest, CausesAreKeptInTheOrderOfTime) {
  StoredAction stored;
  for (const int64_t micros : {20, 10, 30, 20}) {
    AddCause(Cause(micros), stored);
  }
  EXPECT_THAT(Times(stored), ElementsAre(10, 20, 30));
  EXPECT_EQ(stored.cause_count(), 3);
  EXPECT_TRUE(RemoveCause("20", stored));
  EXPECT_FALSE(RemoveCause("20", stored));
  EXPECT_THAT(Times(stored), ElementsAre(10, 30));
  EXPECT_TRUE(RemoveCausesUntil(10, stored));
  EXPECT_FALSE(RemoveCausesUntil(29, stored));
  EXPECT_THAT(Times(stored), ElementsAre(30));
  EXPECT_EQ(stored.cause_count(), 1);
}

TEST(ActionCausesTest, OfVeryManyTheFirstAndTheLastAreKeptAndAllAreCounted) {
  StoredAction stored;
  for (int64_t micros = 1; micros <= 1000; ++micros) {
    AddCause(Cause(micros), stored);
  }
  EXPECT_EQ(stored.causes_size(), 100);
  EXPECT_EQ(stored.causes(0).occurred_micros(), 1);
  EXPECT_EQ(stored.causes(1).occurred_micros(), 902);
  EXPECT_EQ(stored.cause_count(), 1000);
  EXPECT_TRUE(RemoveCausesUntil(990, stored));
  EXPECT_EQ(stored.cause_count(), 10);
}

TEST(ActionCausesTest, OneActionForEachCause) {
  const std::string a = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";
  const std::string b = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b6";
  const std::set<std::string> keys = {
      ActionCauseKey::OfThread(a),
      ActionCauseKey::OfThread(b),
      ActionCauseKey::OfHeldMail(a),
      ActionCauseKey::Of(Ask::kCallBack),
      ActionCauseKey::Of(Ask::kFirstContact),
      ActionCauseKey::OfTooMany(),
      ActionCauseKey::Of(config::v1::ACTION_KIND_REVIEW, "a"),
      ActionCauseKey::Of(config::v1::ACTION_KIND_FOLLOW_UP, "a"),
      ActionCauseKey::OfAction(a)};
  EXPECT_EQ(keys.size(), 9);
  for (const std::string& key : keys) EXPECT_EQ(key.size(), 17);
}

}  // namespace
}  // namespace kith::interactions
