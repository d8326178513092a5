#include <string>
#include <vector>

#include "identity-svc/sharing_fixture.h"

namespace kith::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// What a shared value is to touches, readers and consent: Ada and Bob share
// phone_, for which the house stands in.
class SharedValueTest : public SharingTest {
 protected:
  void SetUp() override {
    ASSERT_THAT(Link(kAda, phone_), IsOk());
    ASSERT_THAT(Share(phone_, {kBob}), IsOk());
    Pass(absl::Minutes(1));
  }

  absl::StatusOr<v1::ResolveIdentityResponse> ResolveWithHolder() {
    v1::ResolveIdentityRequest request = ResolveOf(phone_);
    request.set_include_holder_identities(true);
    request.set_include_identity_candidates(true);
    return harness_.Call(&Stub::ResolveIdentity, request);
  }
};

TEST_F(SharedValueTest, ANewCompanionIsANewContactsNotTheStandIns) {
  for (int i = 0; i < 2; ++i) {
    const auto claimed = Claim(kCleo, {phone_, mail_});
    ASSERT_THAT(claimed, IsOk());
    EXPECT_EQ(claimed->contact_id(), kCleo);
    EXPECT_FALSE(claimed->is_stand_in());
    EXPECT_EQ(claimed->values(0).outcome(), v1::CLAIM_OUTCOME_SHARED);
    EXPECT_EQ(claimed->values(0).identity().contact_id(), kHouse);
    EXPECT_THAT(claimed->candidates(), IsEmpty());
  }
  EXPECT_EQ(HolderOf(mail_), kCleo);
  EXPECT_THAT(HeldBy(kHouse), SizeIs(1));
}

TEST_F(SharedValueTest, AHeldCompanionDecides) {
  ASSERT_THAT(Link(kCleo, mail_), IsOk());
  const v1::ChannelValue handle = Handle("x", "cleo");
  const auto claimed = Claim(kBob, {phone_, mail_, handle});
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kCleo);
  EXPECT_EQ(HolderOf(handle), kCleo);
  EXPECT_THAT(SharersOfShown(HeldBy(kHouse).at(0)), ElementsAre(kAda, kBob));
}

TEST_F(SharedValueTest, IsPassedOverAsQuarantinedBesideOthers) {
  v1::QuarantineIdentityRequest request;
  *request.mutable_value() = phone_;
  request.set_reason("on a poster");
  ASSERT_THAT(harness_.Call(&Stub::QuarantineIdentity, request), IsOk());
  const auto beside = Claim(kCleo, {phone_, mail_});
  ASSERT_THAT(beside, IsOk());
  EXPECT_EQ(beside->contact_id(), kCleo);
  EXPECT_EQ(beside->values(0).outcome(), v1::CLAIM_OUTCOME_QUARANTINED);
  EXPECT_EQ(beside->values(0).reason(), "quarantined: on a poster");
  EXPECT_EQ(beside->values(0).identity().stand_in_contact_id(), kHouse);
  // Alone it leads to its stand-in, whose touch may be of either.
  const auto alone = Claim(kCleo, {phone_});
  ASSERT_THAT(alone, IsOk());
  EXPECT_EQ(alone->contact_id(), kHouse);
  EXPECT_TRUE(alone->is_stand_in());
  EXPECT_EQ(alone->values(0).outcome(), v1::CLAIM_OUTCOME_SHARED);
}

TEST_F(SharedValueTest, NoClaimTakesOrChangesIt) {
  for (const TestKey key : {kDemoPublic, kDemo, kDemoVerified}) {
    const auto claimed = Claim(kCleo, {phone_}, key);
    ASSERT_THAT(claimed, IsOk());
    EXPECT_EQ(claimed->contact_id(), kHouse);
    EXPECT_EQ(claimed->values(0).outcome(), v1::CLAIM_OUTCOME_SHARED);
  }
  const auto by_form = Claim(kCleo, {phone_, mail_}, kDemoPublic);
  EXPECT_EQ(by_form->contact_id(), kHouse);
  EXPECT_EQ(by_form->values(1).outcome(), v1::CLAIM_OUTCOME_NOT_CLAIMED);
  EXPECT_EQ(HolderOf(mail_), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(Rows("holdings"), 2);
}

TEST_F(SharedValueTest, ACorrectionStaysWithTheStandIn) {
  v1::ClaimIdentitiesRequest request = ClaimOf(kCleo, {phone_});
  request.set_only_contact_id(kHouse);
  EXPECT_EQ(Claim(request)->contact_id(), kHouse);
  request.set_only_contact_id(kAda);
  const auto others = Claim(request);
  EXPECT_EQ(others->contact_id(), kHouse);
  EXPECT_EQ(others->values(0).outcome(), v1::CLAIM_OUTCOME_SHARED);
}

// Else an own phone would be one too many for Ada.
TEST_F(SharedValueTest, DoesNotCountAsOneOfTheContactsOwnValues) {
  ASSERT_THAT(Link(kAda, mail_), IsOk());
  ASSERT_THAT(Link(kAda, Phone("+14155552672")), IsOk());
  ASSERT_THAT(Link(kAda, Phone("+14155552673")), IsOk());
  const auto claimed = Claim(kCleo, {mail_, Phone("+14155552674")});
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kAda);
  EXPECT_EQ(claimed->values(1).outcome(), v1::CLAIM_OUTCOME_CLAIMED);
}

TEST_F(SharedValueTest, ResolvesToAllWhoShareItWithTheReason) {
  const auto resolved = ResolveWithHolder();
  ASSERT_THAT(resolved, IsOk());
  EXPECT_EQ(resolved->outcome(), v1::RESOLVE_OUTCOME_MANY);
  EXPECT_EQ(resolved->stand_in_contact_id(), kHouse);
  ASSERT_THAT(resolved->candidates(), SizeIs(2));
  EXPECT_EQ(resolved->candidates(0).identity().contact_id(), kAda);
  EXPECT_EQ(resolved->candidates(1).identity().contact_id(), kBob);
  EXPECT_EQ(resolved->candidates(0).reason(),
            "phone +14155552671, which 2 people share");
  EXPECT_FALSE(resolved->has_holder_identities());
}

TEST_F(SharedValueTest, ResolvesToTheOneWhoIsLeft) {
  ASSERT_THAT(Link(kBob, mail_), IsOk());
  ASSERT_THAT(Unshare(UnshareOf(phone_, "", kAda)), IsOk());
  const auto resolved = ResolveWithHolder();
  ASSERT_THAT(resolved, IsOk());
  EXPECT_EQ(resolved->outcome(), v1::RESOLVE_OUTCOME_ONE);
  EXPECT_EQ(resolved->candidates(0).identity().contact_id(), kBob);
  EXPECT_EQ(resolved->candidates(0).reason(),
            "phone +14155552671, which 1 person shares");
  EXPECT_EQ(resolved->stand_in_contact_id(), kHouse);
  EXPECT_THAT(resolved->holder_identities().identities(), SizeIs(2));
}

TEST_F(SharedValueTest, ATimeHasTheHolderOrThePeopleOfThen) {
  const absl::Time two_share = Now();
  ASSERT_THAT(Share(phone_, {kCleo}), IsOk());
  const absl::Time three_share = Now();
  ASSERT_THAT(Unshare(UnshareOf(phone_, "", kBob)), IsOk());
  const auto people = [&](absl::Time time) {
    v1::ResolveIdentityRequest request = ResolveOf(phone_);
    *request.mutable_at_time() = base::ToProto(time);
    std::vector<std::string> ids;
    const auto response = harness_.Call(&Stub::ResolveIdentity, request);
    for (const v1::Candidate& candidate : response->candidates()) {
      ids.push_back(candidate.identity().contact_id());
    }
    return ids;
  };
  EXPECT_THAT(people(two_share - absl::Minutes(2)), ElementsAre(kAda));
  EXPECT_THAT(people(two_share), ElementsAre(kAda, kBob));
  EXPECT_THAT(people(three_share), ElementsAre(kAda, kBob, kCleo));
  EXPECT_THAT(people(Now()), ElementsAre(kAda, kCleo));
}

TEST_F(SharedValueTest, ABatchResolvesEachAsTheCallDoes) {
  v1::BatchResolveIdentitiesRequest batch;
  *batch.add_requests() = ResolveOf(phone_);
  *batch.add_requests() = ResolveOf(mail_);
  const auto response = harness_.Call(&Stub::BatchResolveIdentities, batch);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->results(0).response().SerializeAsString(),
            Resolve(phone_)->SerializeAsString());
  EXPECT_EQ(response->results(1).response().stand_in_contact_id(), "");
}

TEST_F(SharedValueTest, IsListedOfEachWhoSharesIt) {
  const auto of_bob = HeldBy(kBob);
  ASSERT_THAT(of_bob, SizeIs(1));
  EXPECT_EQ(of_bob[0].contact_id(), kBob);
  EXPECT_EQ(of_bob[0].stand_in_contact_id(), kHouse);
  EXPECT_THAT(SharersOfShown(of_bob[0]), ElementsAre(kAda, kBob));
  EXPECT_EQ(base::FromProto(of_bob[0].start_time()), Now() - absl::Minutes(1));
  const auto of_house = HeldBy(kHouse);
  ASSERT_THAT(of_house, SizeIs(1));
  EXPECT_EQ(of_house[0].contact_id(), kHouse);
  // Ada's own holding is past, and what she shares is shown.
  const auto of_ada = HeldBy(kAda, /*include_past=*/true);
  ASSERT_THAT(of_ada, SizeIs(1));
  EXPECT_EQ(of_ada[0].stand_in_contact_id(), kHouse);
  EXPECT_FALSE(of_ada[0].has_end_time());
}

// Numbers of mobile phones of Argentina, with and without the 9.
TEST_F(SharedValueTest, IsNoEvidenceThatTwoAreOne) {
  const v1::ChannelValue variant = Phone("+5491123456789");
  const v1::ChannelValue other = Phone("+541123456789");
  ASSERT_THAT(Share(ShareOf(variant, {kAda, kBob}, kOffice)), IsOk());
  const auto linked = Link(kCleo, other);
  ASSERT_THAT(linked, IsOk());
  EXPECT_THAT(linked->candidates(), IsEmpty());
  EXPECT_THAT(Claim(kCleo, {other})->candidates(), IsEmpty());
  EXPECT_THAT(Claim(kCleo, {variant})->candidates(), IsEmpty());
}

TEST_F(SharedValueTest, WhoHeldItBeforeIsNoFormerHolderOfTheKeeper) {
  ASSERT_THAT(Claim(kCleo, {mail_}, kDemoVerified), IsOk());
  ASSERT_THAT(Share(ShareOf(mail_, {kAda}, kOffice), kDemoVerified), IsOk());
  ASSERT_THAT(Unshare(UnshareOf(mail_, kAda)), IsOk());
  const auto claimed = Claim(kBob, {mail_});
  EXPECT_EQ(claimed->contact_id(), kAda);
  EXPECT_THAT(claimed->candidates(), IsEmpty());
}

TEST_F(SharedValueTest, OnlyTheStandInGrantsIt) {
  ASSERT_THAT(Record(Word(kAda, v1::CONSENT_STATE_GRANTED)), IsOk());
  EXPECT_EQ(Why({kAda}, phone_), "NO_CONSENT");
  EXPECT_THAT(Record(Grant(kAda, phone_)),
              StatusIs(StatusCode::kFailedPrecondition, "does not hold"));
  ASSERT_THAT(Record(Grant(kHouse, phone_)), IsOk());
  for (const char* contact : {kAda, kBob, kHouse}) {
    EXPECT_EQ(Why({contact}, phone_), "GRANTED");
  }
  EXPECT_EQ(Why({kCleo}, phone_), "NO_CONSENT");
}

TEST_F(SharedValueTest, ARefusalOfOneCountsForTheValue) {
  ASSERT_THAT(Record(Grant(kHouse, phone_)), IsOk());
  ASSERT_THAT(Record(Refuse(kBob, phone_)), IsOk());
  EXPECT_EQ(Why({kBob}, phone_), "REFUSED");
  EXPECT_EQ(Why({kAda}, phone_), "REFUSED");
  EXPECT_EQ(Why({kHouse}, phone_), "REFUSED");
  // Not even the phone itself takes Bob's word back.
  ASSERT_THAT(Record(Confirm(kHouse, phone_), kDemoVerified), IsOk());
  EXPECT_EQ(Why({kAda}, phone_), "REFUSED");
}

TEST_F(SharedValueTest, EachLiftsWhatHeOrSheHasRefused) {
  ASSERT_THAT(Record(Grant(kHouse, phone_)), IsOk());
  ASSERT_THAT(Record(Refuse(kBob, phone_)), IsOk());
  ASSERT_THAT(Record(Refuse(kAda, phone_)), IsOk());
  EXPECT_THAT(Record(Confirm(kCleo, phone_), kDemoVerified),
              StatusIs(StatusCode::kFailedPrecondition, "does not hold"));
  const auto confirmed = Record(Confirm(kBob, phone_), kDemoVerified);
  ASSERT_THAT(confirmed, IsOk());
  EXPECT_EQ(confirmed->contact_id(), kBob);
  EXPECT_EQ(Why({kBob}, phone_), "REFUSED");
  ASSERT_THAT(Record(Confirm(kAda, phone_), kDemoVerified), IsOk());
  for (const char* contact : {kAda, kBob, kHouse}) {
    EXPECT_EQ(Why({contact}, phone_), "GRANTED");
  }
}

TEST_F(SharedValueTest, WhatOneOfThemConfirmsGrantsNothing) {
  ASSERT_THAT(Record(Confirm(kBob, phone_), kDemoVerified), IsOk());
  EXPECT_EQ(Why({kBob}, phone_), "NO_CONSENT");
  // Nor was it Bob's to confirm before he shared the phone.
  v1::RecordConsentRequest early = Confirm(kBob, phone_);
  *early.mutable_consent()->mutable_confirmation()->mutable_confirmed_time() =
      base::ToProto(Now() - absl::Hours(1));
  EXPECT_THAT(Record(early, kDemoVerified),
              StatusIs(StatusCode::kFailedPrecondition, "when it was said"));
}

// Cleo is merged with Bob, who shares the phone.
TEST_F(SharedValueTest, ACustomerLiftsWhatAnyOfItsContactsHasRefused) {
  ASSERT_THAT(Record(Word(kCleo, v1::CONSENT_STATE_REFUSED)), IsOk());
  ASSERT_THAT(Record(Grant(kHouse, phone_)), IsOk());
  EXPECT_EQ(Why({kBob, kCleo}, phone_), "REFUSED");
  v1::RecordConsentRequest refuse = Refuse(kCleo, phone_);
  refuse.add_member_ids(kBob);
  EXPECT_EQ(Record(refuse)->contact_id(), kBob);
  v1::RecordConsentRequest confirm = Confirm(kCleo, phone_);
  confirm.add_member_ids(kBob);
  const auto confirmed = Record(confirm, kDemoVerified);
  ASSERT_THAT(confirmed, IsOk());
  EXPECT_EQ(confirmed->contact_id(), kBob);
  EXPECT_EQ(Why({kBob, kCleo}, phone_), "GRANTED");
  v1::MayContactRequest request = Question({kAda});
  *request.mutable_value() = phone_;
  v1::SharingGroup& group = *request.add_sharing_groups();
  group.add_contact_ids(kBob);
  group.add_contact_ids(kCleo);
  EXPECT_EQ(MayContact(request)->reason(), v1::MAY_CONTACT_REASON_GRANTED);
  // Once they are two customers, Bob's word is not Cleo's.
  ASSERT_THAT(Share(phone_, {kCleo}), IsOk());
  EXPECT_EQ(Why({kAda}, phone_), "REFUSED");
}

// Cleo has refused everything before she shares the phone.
TEST_F(SharedValueTest, AnEarlierRefusalForAllCountsForTheValue) {
  ASSERT_THAT(Record(Word(kCleo, v1::CONSENT_STATE_REFUSED)), IsOk());
  ASSERT_THAT(Record(Grant(kHouse, phone_)), IsOk());
  EXPECT_EQ(Why({kAda}, phone_), "GRANTED");
  ASSERT_THAT(Share(phone_, {kCleo}), IsOk());
  EXPECT_EQ(Why({kAda}, phone_), "REFUSED");
  ASSERT_THAT(Unshare(UnshareOf(phone_, "", kCleo)), IsOk());
  EXPECT_EQ(Why({kAda}, phone_), "GRANTED");
}

// Cleo is merged with Bob, who shares the phone; identity-svc does not know it.
TEST_F(SharedValueTest, TheWordsOfTheGroupsOfThoseWhoShareItCount) {
  ASSERT_THAT(Record(Word(kCleo, v1::CONSENT_STATE_REFUSED)), IsOk());
  ASSERT_THAT(Record(Grant(kHouse, phone_)), IsOk());
  v1::MayContactRequest request = Question({kAda});
  *request.mutable_value() = phone_;
  const auto first = MayContact(request);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->answer(), v1::MAY_CONTACT_ANSWER_YES);
  const v1::ContactPermission& permission = first->permissions(0);
  EXPECT_EQ(permission.stand_in_contact_id(), kHouse);
  EXPECT_THAT(permission.sharing_contact_ids(), ElementsAre(kAda, kBob));
  v1::SharingGroup& group = *request.add_sharing_groups();
  group.add_contact_ids(kCleo);
  // A group in which nobody shares it does not matter.
  EXPECT_EQ(MayContact(request)->answer(), v1::MAY_CONTACT_ANSWER_YES);
  group.add_contact_ids(kBob);
  const auto again = MayContact(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->reason(), v1::MAY_CONTACT_REASON_REFUSED);
  EXPECT_EQ(again->permissions(0).contact_id(), kCleo);
}

TEST_F(SharedValueTest, TheStandInTakesBackWhatThePhoneItselfRefused) {
  ASSERT_THAT(Record(Refuse(kHouse, phone_)), IsOk());
  EXPECT_EQ(Why({kAda}, phone_), "REFUSED");
  ASSERT_THAT(Record(Confirm(kHouse, phone_), kDemoVerified), IsOk());
  EXPECT_EQ(Why({kAda}, phone_), "GRANTED");
}

TEST_F(SharedValueTest, IsShownWithItsConsent) {
  ASSERT_THAT(Record(Grant(kHouse, phone_)), IsOk());
  v1::ListIdentitiesRequest request;
  request.add_sets()->add_contact_ids(kAda);
  request.set_include_consents(true);
  auto listed = harness_.Call(&Stub::ListIdentities, request);
  ASSERT_THAT(listed, IsOk());
  const auto& shown = listed->results(0).identities(0);
  ASSERT_THAT(shown.consents(), SizeIs(1));
  EXPECT_EQ(shown.consents(0).state(), v1::CONSENT_STATE_GRANTED);
  EXPECT_EQ(shown.consents(0).contact_id(), kHouse);
  ASSERT_THAT(Record(Refuse(kBob, phone_)), IsOk());
  listed = harness_.Call(&Stub::ListIdentities, request);
  EXPECT_EQ(listed->results(0).identities(0).consents(0).state(),
            v1::CONSENT_STATE_REFUSED);
}

}  // namespace
}  // namespace kith::identity
