#include "identity-svc/claim_plan.h"

#include <string>
#include <vector>

#include "common/base/times.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

using base::Uuid;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kNowMicros = 1'000'000'000;

Uuid Contact(char c) { return Uuid::FromBytes(std::string(16, c)); }

Reading ExternalValue(const std::string& id) {
  Reading reading;
  reading.identity.set_channel(v1::CHANNEL_EXTERNAL);
  reading.identity.set_namespace_("shop");
  reading.identity.set_value(id);
  reading.identity.set_normalized_value(id);
  reading.identity.set_identity_key(
      IdentityKey(v1::CHANNEL_EXTERNAL, "shop", id));
  return reading;
}

Reading Placeholder() {
  Reading reading = ExternalValue("null");
  reading.refusal = "nothing";
  return reading;
}

TouchClaim ClaimOf(std::vector<Reading> readings, int64_t event = kNowMicros) {
  TouchClaim claim;
  claim.readings = std::move(readings);
  claim.proposed_contact_id = Contact('p');
  claim.event_micros = event;
  claim.now_micros = kNowMicros;
  claim.assurance = config::v1::ASSURANCE_REPORTED;
  claim.source = "key";
  return claim;
}

Holding Open(char contact, int64_t start = kFromEver) {
  Holding holding;
  holding.contact_id = Contact(contact);
  holding.start_micros = start;
  return holding;
}

Holding Ended(char contact, int64_t start, int64_t end) {
  Holding holding = Open(contact, start);
  holding.end_micros = end;
  return holding;
}

void Store(StoredValues& stored, const std::string& id, Holdings holdings) {
  const v1::Identity identity = ExternalValue(id).identity;
  stored[identity.identity_key()] = {identity, std::move(holdings)};
}

std::vector<v1::ClaimOutcome> Outcomes(const ClaimPlan& plan) {
  std::vector<v1::ClaimOutcome> outcomes;
  for (const v1::ClaimedValue& value : plan.response.values()) {
    outcomes.push_back(value.outcome());
  }
  return outcomes;
}

TEST(ClaimPlanTest, WhatNobodyHoldsGoesToTheProposedContactFromEver) {
  const ClaimPlan plan =
      PlanClaim(ClaimOf({ExternalValue("1"), ExternalValue("2")}), {});
  EXPECT_EQ(plan.response.contact_id(), Contact('p').ToString());
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_CLAIMED,
                                          v1::CLAIM_OUTCOME_CLAIMED));
  ASSERT_THAT(plan.changes, SizeIs(2));
  EXPECT_EQ(plan.changes[0].holding.start_micros, kFromEver);
  EXPECT_EQ(plan.changes[0].holding.source, "key");
  EXPECT_FALSE(plan.response.values(0).identity().has_start_time());
  EXPECT_EQ(plan.response.values(0).identity().contact_id(),
            Contact('p').ToString());
}

TEST(ClaimPlanTest, OneKeyTwiceIsWrittenOnce) {
  const ClaimPlan plan =
      PlanClaim(ClaimOf({ExternalValue("1"), ExternalValue("1")}), {});
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_CLAIMED,
                                          v1::CLAIM_OUTCOME_CLAIMED));
  EXPECT_THAT(plan.changes, SizeIs(1));
}

TEST(ClaimPlanTest, TheFirstHolderInTheRequestGetsTheTouchAndTheRest) {
  StoredValues stored;
  Store(stored, "2", {Open('b')});
  Store(stored, "3", {Open('c')});
  const ClaimPlan plan = PlanClaim(
      ClaimOf({ExternalValue("1"), ExternalValue("2"), ExternalValue("3")}),
      stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('b').ToString());
  EXPECT_THAT(Outcomes(plan),
              ElementsAre(v1::CLAIM_OUTCOME_CLAIMED, v1::CLAIM_OUTCOME_HELD,
                          v1::CLAIM_OUTCOME_HELD_BY_OTHER));
  ASSERT_THAT(plan.changes, SizeIs(1));
  EXPECT_EQ(plan.changes[0].holding.contact_id, Contact('b'));
  EXPECT_EQ(plan.response.values(2).identity().contact_id(),
            Contact('c').ToString());
}

TEST(ClaimPlanTest, WhatIsHeldNeedsNoWrite) {
  StoredValues stored;
  Store(stored, "1", {Open('a')});
  EXPECT_THAT(PlanClaim(ClaimOf({ExternalValue("1")}), stored).changes,
              IsEmpty());
}

TEST(ClaimPlanTest, PlaceholdersAreRefusedAndTheRestGoesOn) {
  const ClaimPlan plan =
      PlanClaim(ClaimOf({Placeholder(), ExternalValue("1")}), {});
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_REFUSED,
                                          v1::CLAIM_OUTCOME_CLAIMED));
  EXPECT_EQ(plan.response.values(0).reason(), "nothing");
  EXPECT_FALSE(plan.response.values(0).has_identity());
  const ClaimPlan none = PlanClaim(ClaimOf({Placeholder()}), {});
  EXPECT_EQ(none.response.contact_id(), Contact('p').ToString());
  EXPECT_THAT(none.changes, IsEmpty());
}

TEST(ClaimPlanTest, ALiveTouchAfterTheEndOpensANewHolding) {
  StoredValues stored;
  Store(stored, "1", {Ended('a', kFromEver, 100)});
  const ClaimPlan plan = PlanClaim(ClaimOf({ExternalValue("1")}, 200), stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('p').ToString());
  ASSERT_THAT(plan.changes, SizeIs(1));
  EXPECT_EQ(plan.changes[0].holding.start_micros, 200);
  EXPECT_EQ(base::ToMicros(plan.response.values(0).identity().start_time()),
            200);
  // The end is the first moment after the holding.
  EXPECT_EQ(PlanClaim(ClaimOf({ExternalValue("1")}, 100), stored)
                .changes[0]
                .holding.start_micros,
            100);
  // An event of tomorrow is held from now.
  EXPECT_EQ(PlanClaim(ClaimOf({ExternalValue("1")}, kNowMicros + 5), stored)
                .changes[0]
                .holding.start_micros,
            kNowMicros);
}

TEST(ClaimPlanTest, ALateEventGoesToTheHolderOfItsTime) {
  StoredValues stored;
  Store(stored, "1", {Ended('a', kFromEver, 100), Open('b', 300)});
  const ClaimPlan plan = PlanClaim(ClaimOf({ExternalValue("1")}, 99), stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('a').ToString());
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_HELD));
  EXPECT_THAT(plan.changes, IsEmpty());
}

TEST(ClaimPlanTest, AnEventInAGapGoesToTheNextHolderWhoseStartMovesBack) {
  StoredValues stored;
  Store(stored, "1", {Ended('a', kFromEver, 100), Open('b', 300)});
  const ClaimPlan plan = PlanClaim(ClaimOf({ExternalValue("1")}, 200), stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('b').ToString());
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_HELD));
  ASSERT_THAT(plan.changes, SizeIs(1));
  EXPECT_EQ(plan.changes[0].old_start_micros, 300);
  EXPECT_EQ(plan.changes[0].holding.start_micros, 200);
  EXPECT_EQ(base::ToMicros(plan.response.values(0).identity().start_time()),
            200);
}

TEST(ClaimPlanTest, AnotherContactsHoldingNeverMoves) {
  StoredValues stored;
  Store(stored, "1", {Open('a')});
  Store(stored, "2", {Ended('a', kFromEver, 100), Open('b', 300)});
  const ClaimPlan plan =
      PlanClaim(ClaimOf({ExternalValue("1"), ExternalValue("2")}, 200), stored);
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_HELD,
                                          v1::CLAIM_OUTCOME_HELD_BY_OTHER));
  EXPECT_THAT(plan.changes, IsEmpty());
}

TEST(ClaimPlanTest, UnauthenticatedOnlyTheFirstValueCounts) {
  StoredValues stored;
  Store(stored, "2", {Open('b')});
  TouchClaim claim =
      ClaimOf({ExternalValue("1"), ExternalValue("2"), ExternalValue("3")});
  claim.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  const ClaimPlan plan = PlanClaim(claim, stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('p').ToString());
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_CLAIMED,
                                          v1::CLAIM_OUTCOME_NOT_CLAIMED,
                                          v1::CLAIM_OUTCOME_NOT_CLAIMED));
  EXPECT_THAT(plan.changes, SizeIs(1));
  EXPECT_FALSE(plan.response.values(1).reason().empty());
  Store(stored, "1", {Open('b')});
  EXPECT_THAT(Outcomes(PlanClaim(claim, stored)),
              ElementsAre(v1::CLAIM_OUTCOME_HELD, v1::CLAIM_OUTCOME_HELD,
                          v1::CLAIM_OUTCOME_NOT_CLAIMED));
}

TEST(ClaimPlanTest, UnauthenticatedBehindAPlaceholderNothingCounts) {
  StoredValues stored;
  Store(stored, "1", {Open('b')});
  TouchClaim claim = ClaimOf({Placeholder(), ExternalValue("1")});
  claim.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  const ClaimPlan plan = PlanClaim(claim, stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('p').ToString());
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_REFUSED,
                                          v1::CLAIM_OUTCOME_NOT_CLAIMED));
  EXPECT_THAT(plan.changes, IsEmpty());
}

}  // namespace
}  // namespace kith::identity
