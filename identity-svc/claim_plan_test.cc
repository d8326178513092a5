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

Reading EmailValue(const std::string& email) {
  Reading reading;
  reading.identity.set_channel(v1::CHANNEL_EMAIL);
  reading.identity.set_value(email);
  reading.identity.set_normalized_value(email);
  reading.identity.set_identity_key(IdentityKey(v1::CHANNEL_EMAIL, "", email));
  return reading;
}

// Plans for contacts that hold nothing but what the claim is about.
ClaimPlan Plan(const TouchClaim& claim, const StoredValues& stored) {
  return PlanClaim(claim, stored, {});
}

Reading Placeholder() {
  Reading reading = EmailValue("null");
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
  const v1::Identity identity = EmailValue(id).identity;
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
  const ClaimPlan plan = Plan(ClaimOf({EmailValue("1"), EmailValue("2")}), {});
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
  const ClaimPlan plan = Plan(ClaimOf({EmailValue("1"), EmailValue("1")}), {});
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_CLAIMED,
                                          v1::CLAIM_OUTCOME_CLAIMED));
  EXPECT_THAT(plan.changes, SizeIs(1));
}

TEST(ClaimPlanTest, TheFirstHolderInTheRequestGetsTheTouchAndTheRest) {
  StoredValues stored;
  Store(stored, "2", {Open('b')});
  Store(stored, "3", {Open('c')});
  const ClaimPlan plan = Plan(
      ClaimOf({EmailValue("1"), EmailValue("2"), EmailValue("3")}), stored);
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
  EXPECT_THAT(Plan(ClaimOf({EmailValue("1")}), stored).changes, IsEmpty());
}

TEST(ClaimPlanTest, PlaceholdersAreRefusedAndTheRestGoesOn) {
  const ClaimPlan plan = Plan(ClaimOf({Placeholder(), EmailValue("1")}), {});
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_REFUSED,
                                          v1::CLAIM_OUTCOME_CLAIMED));
  EXPECT_EQ(plan.response.values(0).reason(), "nothing");
  EXPECT_FALSE(plan.response.values(0).has_identity());
  const ClaimPlan none = Plan(ClaimOf({Placeholder()}), {});
  EXPECT_EQ(none.response.contact_id(), Contact('p').ToString());
  EXPECT_THAT(none.changes, IsEmpty());
}

TEST(ClaimPlanTest, ALiveTouchAfterTheEndOpensANewHolding) {
  StoredValues stored;
  Store(stored, "1", {Ended('a', kFromEver, 100)});
  const ClaimPlan plan = Plan(ClaimOf({EmailValue("1")}, 200), stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('p').ToString());
  ASSERT_THAT(plan.changes, SizeIs(1));
  EXPECT_EQ(plan.changes[0].holding.start_micros, 200);
  EXPECT_EQ(base::ToMicros(plan.response.values(0).identity().start_time()),
            200);
  // The end is the first moment after the holding.
  EXPECT_EQ(Plan(ClaimOf({EmailValue("1")}, 100), stored)
                .changes[0]
                .holding.start_micros,
            100);
  // An event of tomorrow is held from now.
  EXPECT_EQ(Plan(ClaimOf({EmailValue("1")}, kNowMicros + 5), stored)
                .changes[0]
                .holding.start_micros,
            kNowMicros);
}

TEST(ClaimPlanTest, ALateEventGoesToTheHolderOfItsTime) {
  StoredValues stored;
  Store(stored, "1", {Ended('a', kFromEver, 100), Open('b', 300)});
  const ClaimPlan plan = Plan(ClaimOf({EmailValue("1")}, 99), stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('a').ToString());
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_HELD));
  EXPECT_THAT(plan.changes, IsEmpty());
}

TEST(ClaimPlanTest, AnEventInAGapGoesToTheNextHolderWhoseStartMovesBack) {
  StoredValues stored;
  Store(stored, "1", {Ended('a', kFromEver, 100), Open('b', 300)});
  const ClaimPlan plan = Plan(ClaimOf({EmailValue("1")}, 200), stored);
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
      Plan(ClaimOf({EmailValue("1"), EmailValue("2")}, 200), stored);
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_HELD,
                                          v1::CLAIM_OUTCOME_HELD_BY_OTHER));
  EXPECT_THAT(plan.changes, IsEmpty());
}

TEST(ClaimPlanTest, OnlyOneContactGetsValuesAndOnlyByOneThatItHolds) {
  StoredValues stored;
  Store(stored, "2", {Open('b')});
  TouchClaim claim = ClaimOf({EmailValue("1"), EmailValue("2")});
  claim.only_contact = Contact('b');
  EXPECT_THAT(Outcomes(Plan(claim, stored)),
              ElementsAre(v1::CLAIM_OUTCOME_CLAIMED, v1::CLAIM_OUTCOME_HELD));
  EXPECT_THAT(Plan(claim, stored).changes, SizeIs(1));
  claim.only_contact = Contact('c');
  const ClaimPlan other = Plan(claim, stored);
  EXPECT_EQ(other.response.contact_id(), Contact('b').ToString());
  EXPECT_THAT(Outcomes(other), ElementsAre(v1::CLAIM_OUTCOME_NOT_CLAIMED,
                                           v1::CLAIM_OUTCOME_HELD_BY_OTHER));
  EXPECT_THAT(other.changes, IsEmpty());
  // Nor does it get what nobody holds as the proposed contact.
  claim.only_contact = Contact('p');
  const ClaimPlan nobody = Plan(claim, {});
  EXPECT_EQ(nobody.response.contact_id(), "");
  EXPECT_THAT(Outcomes(nobody), ElementsAre(v1::CLAIM_OUTCOME_NOT_CLAIMED,
                                            v1::CLAIM_OUTCOME_NOT_CLAIMED));
  EXPECT_THAT(nobody.changes, IsEmpty());
}

TEST(ClaimPlanTest, UnauthenticatedOnlyTheFirstValueCounts) {
  StoredValues stored;
  Store(stored, "2", {Open('b')});
  TouchClaim claim =
      ClaimOf({EmailValue("1"), EmailValue("2"), EmailValue("3")});
  claim.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  const ClaimPlan plan = Plan(claim, stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('p').ToString());
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_CLAIMED,
                                          v1::CLAIM_OUTCOME_NOT_CLAIMED,
                                          v1::CLAIM_OUTCOME_NOT_CLAIMED));
  EXPECT_THAT(plan.changes, SizeIs(1));
  EXPECT_FALSE(plan.response.values(1).reason().empty());
  Store(stored, "1", {Open('b')});
  EXPECT_THAT(Outcomes(Plan(claim, stored)),
              ElementsAre(v1::CLAIM_OUTCOME_HELD, v1::CLAIM_OUTCOME_HELD,
                          v1::CLAIM_OUTCOME_NOT_CLAIMED));
}

TEST(ClaimPlanTest, UnauthenticatedTheFirstValueBehindAPlaceholderCounts) {
  StoredValues stored;
  Store(stored, "1", {Open('b')});
  TouchClaim claim = ClaimOf({Placeholder(), EmailValue("1"), EmailValue("2")});
  claim.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  const ClaimPlan held = Plan(claim, stored);
  EXPECT_EQ(held.response.contact_id(), Contact('b').ToString());
  EXPECT_THAT(Outcomes(held),
              ElementsAre(v1::CLAIM_OUTCOME_REFUSED, v1::CLAIM_OUTCOME_HELD,
                          v1::CLAIM_OUTCOME_NOT_CLAIMED));
  EXPECT_THAT(held.changes, IsEmpty());
  const ClaimPlan free = Plan(claim, {});
  EXPECT_EQ(free.response.contact_id(), Contact('p').ToString());
  EXPECT_THAT(Outcomes(free),
              ElementsAre(v1::CLAIM_OUTCOME_REFUSED, v1::CLAIM_OUTCOME_CLAIMED,
                          v1::CLAIM_OUTCOME_NOT_CLAIMED));
  claim.readings = {Placeholder(), Placeholder()};
  EXPECT_THAT(Plan(claim, stored).changes, IsEmpty());
}

TEST(ClaimPlanTest, AVerifiedClaimMakesTheHoldingOfAFormVoid) {
  StoredValues stored;
  Store(stored, "1", {Open('s')});
  Holding& form = stored.begin()->second.holdings.front();
  form.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  TouchClaim claim = ClaimOf({EmailValue("1")}, kNowMicros - 50);
  claim.assurance = config::v1::ASSURANCE_VERIFIED;
  const ClaimPlan plan = Plan(claim, stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('p').ToString());
  EXPECT_EQ(plan.response.values(0).former_contact_id(),
            Contact('s').ToString());
  ASSERT_THAT(plan.changes, SizeIs(2));
  EXPECT_EQ(plan.changes[0].holding.contact_id, Contact('s'));
  EXPECT_EQ(plan.changes[0].holding.end_micros, kFromEver);
  EXPECT_EQ(plan.changes[1].holding.contact_id, Contact('p'));
  EXPECT_EQ(plan.changes[1].holding.start_micros, kNowMicros);
  EXPECT_EQ(plan.changes[1].holding.assurance, config::v1::ASSURANCE_VERIFIED);
  // What a system has reported is not a form's, and is not taken.
  form.assurance = config::v1::ASSURANCE_REPORTED;
  EXPECT_THAT(Plan(claim, stored).changes, IsEmpty());
}

TEST(ClaimPlanTest, EventsOfAnyTimeGoToWhoHasProvenTheValue) {
  StoredValues stored;
  Holding form = Ended('s', 20, 20);
  form.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  Store(stored, "1", {Ended('b', kFromEver, 10), form, Open('a', 50)});
  for (const auto assurance :
       {config::v1::ASSURANCE_UNAUTHENTICATED, config::v1::ASSURANCE_REPORTED,
        config::v1::ASSURANCE_VERIFIED}) {
    for (const int64_t event : {15, 20, 40, 60}) {
      TouchClaim claim = ClaimOf({EmailValue("1")}, event);
      claim.assurance = assurance;
      const ClaimPlan plan = Plan(claim, stored);
      EXPECT_EQ(plan.response.contact_id(), Contact('a').ToString()) << event;
      // It is proven since then, also after a late event.
      EXPECT_THAT(plan.changes, IsEmpty()) << event;
    }
  }
  // Who held it before the form has not lost that time.
  const TouchClaim before = ClaimOf({EmailValue("1")}, 5);
  EXPECT_EQ(Plan(before, stored).response.contact_id(),
            Contact('b').ToString());
}

TEST(ClaimPlanTest, TheVisitsOfABrowserBeforeALoginStayTheVisitors) {
  Reading browser = EmailValue("browser");
  browser.identity.set_channel(v1::CHANNEL_VISITOR);
  StoredValues stored;
  Holding form = Open('v');
  form.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  Store(stored, "browser", {form});
  TouchClaim login = ClaimOf({EmailValue("1"), browser}, 50);
  login.assurance = config::v1::ASSURANCE_VERIFIED;
  const ClaimPlan plan = Plan(login, stored);
  ASSERT_THAT(plan.changes, SizeIs(3));
  EXPECT_EQ(plan.changes[1].holding.end_micros, 50);
  EXPECT_EQ(plan.changes[2].holding.start_micros, 50);
}

TEST(ClaimPlanTest, AVerifiedClaimConfirmsWhatItsOwnContactHoldsByAForm) {
  StoredValues stored;
  Store(stored, "1", {Open('a')});
  Store(stored, "2", {Open('a')});
  for (auto& [key, value] : stored) {
    if (value.identity.value() == "2") {
      value.holdings.front().assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
    }
  }
  TouchClaim claim = ClaimOf({EmailValue("1"), EmailValue("2")});
  claim.assurance = config::v1::ASSURANCE_VERIFIED;
  const ClaimPlan plan = Plan(claim, stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('a').ToString());
  EXPECT_THAT(Outcomes(plan),
              ElementsAre(v1::CLAIM_OUTCOME_HELD, v1::CLAIM_OUTCOME_HELD));
  ASSERT_THAT(plan.changes, SizeIs(2));
  EXPECT_EQ(plan.response.values(1).identity().assurance(),
            config::v1::ASSURANCE_VERIFIED);
  EXPECT_EQ(plan.response.values(1).former_contact_id(), "");
}

TEST(ClaimPlanTest, AHoldersClaimRaisesWhatAFormHasSaid) {
  StoredValues stored;
  Store(stored, "1", {Open('s')});
  Holding& form = stored.begin()->second.holdings.front();
  form.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  const ClaimPlan plan = Plan(ClaimOf({EmailValue("1")}), stored);
  EXPECT_EQ(plan.response.contact_id(), Contact('s').ToString());
  EXPECT_THAT(Outcomes(plan), ElementsAre(v1::CLAIM_OUTCOME_HELD));
  ASSERT_THAT(plan.changes, SizeIs(1));
  EXPECT_EQ(plan.changes[0].old_start_micros, kFromEver);
  EXPECT_EQ(plan.changes[0].holding.start_micros, kFromEver);
  EXPECT_EQ(plan.changes[0].holding.assurance, config::v1::ASSURANCE_REPORTED);
  EXPECT_EQ(plan.changes[0].holding.source, "key");
  EXPECT_EQ(plan.response.values(0).identity().assurance(),
            config::v1::ASSURANCE_REPORTED);
  // No claim lowers it, and another form's changes nothing.
  form.assurance = config::v1::ASSURANCE_VERIFIED;
  EXPECT_THAT(Plan(ClaimOf({EmailValue("1")}), stored).changes, IsEmpty());
  form.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  TouchClaim claim = ClaimOf({EmailValue("1")});
  claim.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  EXPECT_THAT(Plan(claim, stored).changes, IsEmpty());
}

TEST(ClaimPlanTest, AClaimThatComesAgainIsAnsweredWhoHeldTheValueBefore) {
  Reading browser = EmailValue("browser");
  browser.identity.set_channel(v1::CHANNEL_VISITOR);
  StoredValues stored;
  Store(stored, "1", {Open('a')});
  Store(stored, "browser", {Ended('v', kFromEver, 50), Open('a', 50)});
  const auto former = [&](const TouchClaim& claim) {
    const ClaimPlan plan = Plan(claim, stored);
    EXPECT_THAT(plan.changes, IsEmpty());
    return plan.response.values().rbegin()->former_contact_id();
  };
  TouchClaim login = ClaimOf({EmailValue("1"), browser});
  EXPECT_EQ(former(login), Contact('v').ToString());
  // Not by the browser alone, nor by a form.
  EXPECT_EQ(former(ClaimOf({browser})), "");
  login.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  EXPECT_EQ(former(login), "");
  // Nor where the two holdings have nothing to do with each other.
  login.assurance = config::v1::ASSURANCE_REPORTED;
  Store(stored, "browser", {Ended('v', kFromEver, 50), Open('a', 51)});
  EXPECT_EQ(former(login), "");
}

TEST(ClaimPlanTest, AVerifiedClaimThatComesAgainIsAnsweredWhoseFormItWas) {
  StoredValues stored;
  Holding form = Ended('s', kFromEver, kFromEver);
  form.assurance = config::v1::ASSURANCE_UNAUTHENTICATED;
  Store(stored, "1", {form, Open('a', 50)});
  TouchClaim claim = ClaimOf({EmailValue("1")});
  EXPECT_EQ(Plan(claim, stored).response.values(0).former_contact_id(), "");
  claim.assurance = config::v1::ASSURANCE_VERIFIED;
  EXPECT_EQ(Plan(claim, stored).response.values(0).former_contact_id(),
            Contact('s').ToString());
}

TEST(ClaimPlanTest, FactsAreAskedForOnlyIfAValueIsFree) {
  StoredValues stored;
  Store(stored, "1", {Open('a')});
  Store(stored, "2", {Open('b')});
  EXPECT_THAT(
      HoldersInQuestion(ClaimOf({EmailValue("1"), EmailValue("2")}), stored),
      IsEmpty());
  EXPECT_THAT(
      HoldersInQuestion(
          ClaimOf({EmailValue("2"), EmailValue("3"), EmailValue("1")}), stored),
      ElementsAre(Contact('a'), Contact('b')));
}

TEST(ClaimPlanTest, AVisitorIsAnonymousIfItHoldsNothingElse) {
  TouchClaim claim = ClaimOf({EmailValue("1")});
  v1::Identity cookie;
  cookie.set_channel(v1::CHANNEL_VISITOR);
  EXPECT_TRUE(FactsOf(claim, Contact('v'), {cookie}).anonymous);
  EXPECT_FALSE(FactsOf(claim, Contact('v'), {cookie, EmailValue("1").identity})
                   .anonymous);
  EXPECT_FALSE(FactsOf(claim, Contact('v'), {cookie}).guest);
  claim.identified.insert(Contact('v'));
  EXPECT_FALSE(FactsOf(claim, Contact('v'), {cookie}).anonymous);
  EXPECT_TRUE(FactsOf(claim, Contact('v'), {cookie}).guest);
  EXPECT_FALSE(
      FactsOf(claim, Contact('v'), {cookie, EmailValue("1").identity}).guest);
}

TEST(ClaimPlanTest, TheHolderOfAPhoneThatIsATextIsNoVisitor) {
  const TouchClaim claim = ClaimOf({EmailValue("1")});
  v1::Identity code, number;
  code.set_channel(v1::CHANNEL_PHONE);
  code.set_normalized_value("12345");
  number = code;
  number.set_normalized_value("+14155552671");
  const HolderFacts facts = FactsOf(claim, Contact('c'), {code, number});
  EXPECT_FALSE(FactsOf(claim, Contact('c'), {code}).anonymous);
  // Nor does it stand for a number of theirs.
  EXPECT_EQ(facts.held.at(KindOf(number)), 1);
  EXPECT_EQ(facts.held.at(KindOf(code)), 1);
}

}  // namespace
}  // namespace kith::identity
