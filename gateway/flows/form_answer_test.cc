#include "gateway/flows/form_answer.h"

#include <memory>
#include <string>
#include <utility>

#include "common/testing/matchers.h"
#include "gateway/flows/touch.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::EqualsProto;
using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

v1::RecordTouchResponse Whole(identity::v1::ClaimOutcome outcome) {
  v1::RecordTouchResponse whole;
  whole.set_contact_id("a");
  whole.set_canonical_id("b");
  whole.set_outcome(interactions::v1::RECORD_OUTCOME_RECORDED);
  whole.mutable_interaction()->set_interaction_id("i");
  whole.mutable_interaction()->set_contact_id("a");
  whole.mutable_interaction()->set_identity_key("k");
  whole.mutable_interaction()->set_body("hello");
  identity::v1::ClaimedValue& value = *whole.add_identities();
  value.set_outcome(outcome);
  value.set_reason("why");
  value.mutable_value()->set_value("ada@example.com");
  value.mutable_identity()->set_contact_id("a");
  value.set_former_contact_id("c");
  return whole;
}

TEST(FormAnswerTest, KnownAndUnknownValuesAreAnsweredAlike) {
  v1::RecordTouchResponse made = Whole(identity::v1::CLAIM_OUTCOME_CLAIMED);
  made.set_contact_created(true);
  v1::RecordTouchResponse known = Whole(identity::v1::CLAIM_OUTCOME_HELD);
  known.mutable_filled_fields()->add_paths("display_name");
  known.add_merged_visitor_ids("d");
  v1::RecordTouchResponse want;
  want.set_outcome(interactions::v1::RECORD_OUTCOME_RECORDED);
  want.mutable_interaction()->set_interaction_id("i");
  want.mutable_interaction()->set_body("hello");
  want.add_identities()->mutable_value()->set_value("ada@example.com");
  EXPECT_THAT(FormAnswer(made), EqualsProto(want));
  EXPECT_THAT(FormAnswer(known), EqualsProto(want));
  EXPECT_THAT(FormAnswer(Whole(identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER)),
              EqualsProto(want));
  EXPECT_THAT(FormAnswer(Whole(identity::v1::CLAIM_OUTCOME_NOT_CLAIMED)),
              EqualsProto(want));
}

TEST(FormAnswerTest, TheTimeOfAnAnswerTellsNotWhatItTook) {
  const auto answered = [](int64_t took_millis, int touches) {
    const absl::Duration took = absl::Milliseconds(took_millis);
    const absl::Duration wait = FormWait(took, touches);
    EXPECT_GT(wait, absl::ZeroDuration());
    return absl::ToInt64Milliseconds(took + wait);
  };
  EXPECT_EQ(answered(0, 1), 100);
  EXPECT_EQ(answered(7, 1), 100);
  EXPECT_EQ(answered(99, 1), 100);
  EXPECT_EQ(answered(100, 1), 200);
  EXPECT_EQ(answered(250, 1), 300);
  EXPECT_EQ(answered(7, 3), 110);
  EXPECT_EQ(answered(1094, 200), 1095);
  // As if no time had passed, where a clock was set back.
  EXPECT_EQ(FormWait(absl::Milliseconds(-30), 1), absl::Milliseconds(100));
}

// What is recorded of a touch of three values, by a key of this assurance, in
// whose claim the last has this outcome.
interactions::v1::Interaction RecordedBy(config::v1::Assurance assurance,
                                         identity::v1::ClaimOutcome last) {
  v1::RecordTouchRequest request;
  identity::v1::ClaimIdentitiesResponse claimed;
  const std::string values[] = {"null", "+14155552671", "Ada <a@example.com>"};
  for (const std::string& value : values) {
    identity::v1::ChannelValue& typed = *request.add_identities();
    typed.set_channel(value == values[2] ? identity::v1::CHANNEL_EMAIL
                                         : identity::v1::CHANNEL_PHONE);
    typed.set_value(value);
    identity::v1::ClaimedValue& answer = *claimed.add_values();
    *answer.mutable_value() = typed;
    answer.set_outcome(last);
    if (value == values[0]) {
      answer.set_outcome(identity::v1::CLAIM_OUTCOME_REFUSED);
      continue;
    }
    answer.mutable_identity()->set_identity_key(value);
    answer.mutable_identity()->set_value("as somebody has typed it");
  }
  (*request.mutable_interaction()->mutable_attributes())["page"] = "/contact";
  auto principal = std::make_shared<base::Principal>();
  principal->tenant = std::make_shared<config::v1::Tenant>();
  principal->assurance = assurance;
  base::RequestContext caller;
  caller.principal = std::move(principal);
  const Touch touch(caller, request, /*place=*/0, absl::UnixEpoch());
  return touch.RecordInteractionRequest(touch.OwnerOf(claimed, {}))
      .interaction();
}

TEST(FormAnswerTest, WhatAFormAlsoNamesIsKeptWhoeverHoldsIt) {
  for (const auto last : {identity::v1::CLAIM_OUTCOME_NOT_CLAIMED,
                          identity::v1::CLAIM_OUTCOME_HELD}) {
    const auto form =
        RecordedBy(config::v1::ASSURANCE_UNAUTHENTICATED, last).attributes();
    EXPECT_THAT(form, UnorderedElementsAre(
                          Pair("page", "/contact"),
                          Pair("also_named.1", "email Ada <a@example.com>")));
  }
  const auto reported = RecordedBy(config::v1::ASSURANCE_REPORTED,
                                   identity::v1::CLAIM_OUTCOME_CLAIMED);
  EXPECT_THAT(reported.attributes(), ElementsAre(Pair("page", "/contact")));
}

TEST(FormAnswerTest, ARefusedValueIsToldWithItsReason) {
  const v1::RecordTouchResponse answer =
      FormAnswer(Whole(identity::v1::CLAIM_OUTCOME_REFUSED));
  ASSERT_EQ(answer.identities_size(), 1);
  EXPECT_EQ(answer.identities(0).outcome(),
            identity::v1::CLAIM_OUTCOME_REFUSED);
  EXPECT_EQ(answer.identities(0).reason(), "why");
  EXPECT_FALSE(answer.identities(0).has_identity());
}

}  // namespace
}  // namespace kith::gateway
