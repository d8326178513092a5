#include "gateway/flows/form_answer.h"

#include <string>

#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::EqualsProto;

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
