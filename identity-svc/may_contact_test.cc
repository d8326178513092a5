#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "identity-svc/consent_fixture.h"

namespace kith::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using MayContactTest = ConsentTest;

TEST_F(MayContactTest, AnswersWithTheRecordThatDecides) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  const auto granted = Record(Grant(kAda, mail_));
  ASSERT_THAT(granted.status(), IsOk());
  v1::MayContactRequest request = Question({kAda});
  request.set_identity_key(granted->identity_key());
  const auto response = MayContact(request);
  ASSERT_THAT(response.status(), IsOk());
  EXPECT_EQ(response->answer(), v1::MAY_CONTACT_ANSWER_YES);
  ASSERT_EQ(response->permissions_size(), 1);
  EXPECT_EQ(response->permissions(0).consent_id(), granted->consent_id());
  EXPECT_EQ(response->permissions(0).contact_id(), kAda);
  EXPECT_EQ(response->permissions(0).channel(), v1::CHANNEL_EMAIL);
}

TEST_F(MayContactTest, APermissionSaysSinceWhenTheValueIsHeldForCertain) {
  const auto sure_time = [this](const std::string& contact) {
    v1::MayContactRequest request = Question({contact});
    *request.mutable_value() = mail_;
    const auto response = MayContact(request);
    EXPECT_THAT(response.status(), IsOk());
    return response->permissions(0);
  };
  const absl::Time claimed = Now();
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  // The first holding is from ever; it is certain since the value was stored.
  EXPECT_EQ(base::FromProto(sure_time(kAda).sure_time()), claimed);
  EXPECT_FALSE(sure_time(kBob).has_sure_time());
  ASSERT_THAT(Move(kAda, kBob, mail_, /*never_theirs=*/false), IsOk());
  EXPECT_GT(base::FromProto(sure_time(kBob).sure_time()), claimed);
  EXPECT_FALSE(sure_time(kAda).has_sure_time());
}

TEST_F(MayContactTest, WithoutAValueTheAnswerIsOverAllThatTheCustomerHolds) {
  ASSERT_THAT(Claim(kAda, {mail_, phone_, External("shop", "77")}).status(),
              IsOk());
  ASSERT_THAT(Record(Grant(kAda, mail_)).status(), IsOk());
  const auto mixed = MayContact(Question({kAda}));
  ASSERT_THAT(mixed.status(), IsOk());
  EXPECT_EQ(mixed->answer(), v1::MAY_CONTACT_ANSWER_MAYBE);
  EXPECT_EQ(mixed->reason(), v1::MAY_CONTACT_REASON_DIFFERS);
  EXPECT_EQ(mixed->permissions_size(), 2);
  v1::MayContactRequest by_mail = Question({kAda});
  by_mail.set_channel(v1::CHANNEL_EMAIL);
  EXPECT_EQ(MayContact(by_mail)->answer(), v1::MAY_CONTACT_ANSWER_YES);
  by_mail.set_channel(v1::CHANNEL_PHONE);
  EXPECT_EQ(MayContact(by_mail)->answer(), v1::MAY_CONTACT_ANSWER_NO);
}

TEST_F(MayContactTest, AContactWithoutValuesHasWordsOfItsOwn) {
  EXPECT_EQ(MayContact(Question({kAda}))->reason(),
            v1::MAY_CONTACT_REASON_NO_CONSENT);
  ASSERT_THAT(Record(Word(kAda, v1::CONSENT_STATE_GRANTED)).status(), IsOk());
  EXPECT_EQ(MayContact(Question({kAda}))->reason(),
            v1::MAY_CONTACT_REASON_GRANTED);
}

TEST_F(MayContactTest, ARefusalForAllStopsValuesThatComeLater) {
  ASSERT_THAT(Record(Word(kAda, v1::CONSENT_STATE_REFUSED)).status(), IsOk());
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  EXPECT_EQ(Why({kAda}, mail_), "REFUSED");
  EXPECT_EQ(Why({kAda}, mail_, kDemo, v1::CONSENT_PURPOSE_TRANSACTION),
            "PURPOSE_PASSES");
}

TEST_F(MayContactTest, InAGroupTheStrictestCountsAndUnmergeTakesNothingAlong) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  ASSERT_THAT(Claim(kBob, {phone_}).status(), IsOk());
  ASSERT_THAT(Record(Grant(kAda, mail_)).status(), IsOk());
  ASSERT_THAT(Record(Word(kBob, v1::CONSENT_STATE_REFUSED)).status(), IsOk());
  EXPECT_EQ(Why({kAda, kBob}, mail_), "REFUSED");
  EXPECT_EQ(Why({kAda}, mail_), "GRANTED");
  EXPECT_EQ(Why({kBob}, phone_), "REFUSED");
  v1::RecordConsentRequest grant = Grant(kAda, mail_);
  grant.add_member_ids(kBob);
  EXPECT_THAT(Record(grant).status(),
              StatusIs(StatusCode::kFailedPrecondition, "refused by"));
}

// A suppression outlives contacts, and so groups: else it would end with an
// unmerge what the person has refused for the very value. The word itself does
// not stay with Bob.
TEST_F(MayContactTest, AnUnmergeLeavesWhatTheGroupHasSuppressed) {
  const v1::ChannelValue later = Phone("+14155552672");
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  ASSERT_THAT(Claim(kBob, {phone_}).status(), IsOk());
  ASSERT_THAT(Record(Grant(kBob, phone_)).status(), IsOk());
  v1::RecordConsentRequest refuse = Word(kAda, v1::CONSENT_STATE_REFUSED);
  refuse.add_member_ids(kBob);
  ASSERT_THAT(Record(refuse).status(), IsOk());
  ASSERT_THAT(Link(kBob, later).status(), IsOk());
  EXPECT_EQ(Why({kAda}, mail_), "REFUSED");
  EXPECT_EQ(Why({kBob}, phone_), "SUPPRESSED");
  EXPECT_EQ(Why({kBob}, later), "NO_CONSENT");
  ASSERT_THAT(Record(Confirm(kBob, phone_), kDemoVerified).status(), IsOk());
  EXPECT_EQ(Why({kBob}, phone_), "GRANTED");
  EXPECT_EQ(Why({kAda}, mail_), "REFUSED");
}

TEST_F(MayContactTest, AValueThatEndsCarriesNoConsentToTheNextHolder) {
  ASSERT_THAT(Claim(kAda, {phone_}).status(), IsOk());
  ASSERT_THAT(Record(Grant(kAda, phone_)).status(), IsOk());
  Pass(absl::Seconds(1));
  ASSERT_THAT(Unlink(kAda, phone_).status(), IsOk());
  EXPECT_EQ(Why({kAda}, phone_), "NO_CONSENT");
  Pass(absl::Seconds(1));
  ASSERT_THAT(Link(kBob, phone_).status(), IsOk());
  EXPECT_EQ(Why({kBob}, phone_), "NO_CONSENT");
}

TEST_F(MayContactTest, AValueThatMovesCarriesNoGrantAndKeepsItsRefusal) {
  ASSERT_THAT(Claim(kAda, {phone_, mail_}).status(), IsOk());
  ASSERT_THAT(Record(Grant(kAda, phone_)).status(), IsOk());
  ASSERT_THAT(Record(Refuse(kAda, mail_)).status(), IsOk());
  for (const v1::ChannelValue& value : {phone_, mail_}) {
    ASSERT_THAT(Move(kAda, kBob, value, /*never_theirs=*/false), IsOk());
  }
  EXPECT_EQ(Why({kBob}, phone_), "NO_CONSENT");
  EXPECT_EQ(Why({kAda}, phone_), "NO_CONSENT");
  EXPECT_EQ(Why({kBob}, mail_), "SUPPRESSED");
  EXPECT_EQ(Why({kAda}, mail_), "REFUSED");
  EXPECT_THAT(List({kBob})->consents(), IsEmpty());
}

// An old list has the consent of whoever had the number then.
TEST_F(MayContactTest, AGrantFromBeforeTheHoldingIsNotTheHolders) {
  ASSERT_THAT(Claim(kAda, {phone_}).status(), IsOk());
  Pass(absl::Hours(1));
  ASSERT_THAT(Move(kAda, kBob, phone_, /*never_theirs=*/false), IsOk());
  v1::RecordConsentRequest late = Grant(kBob, phone_);
  *late.mutable_consent()->mutable_captured_time() =
      base::ToProto(Now() - absl::Seconds(1));
  EXPECT_THAT(Record(late).status(),
              StatusIs(StatusCode::kFailedPrecondition, "when it was said"));
  EXPECT_EQ(Why({kBob}, phone_), "NO_CONSENT");
  *late.mutable_consent()->mutable_captured_time() = base::ToProto(Now());
  EXPECT_THAT(Record(late).status(), IsOk());
  EXPECT_EQ(Why({kBob}, phone_), "GRANTED");
  // A refusal stays with the value, whoever said it.
  late.mutable_consent()->set_state(v1::CONSENT_STATE_REFUSED);
  *late.mutable_consent()->mutable_captured_time() =
      base::ToProto(Now() - absl::Hours(2));
  EXPECT_THAT(Record(late).status(), IsOk());
  EXPECT_EQ(Why({kBob}, phone_), "REFUSED");
}

TEST_F(MayContactTest, WhatWasNeverTheirsTakesItsConsentsAlong) {
  ASSERT_THAT(Claim(kAda, {phone_, mail_}).status(), IsOk());
  const auto granted = Record(Grant(kAda, phone_));
  ASSERT_THAT(granted.status(), IsOk());
  const auto refused = Record(Refuse(kAda, mail_));
  ASSERT_THAT(refused.status(), IsOk());
  for (const v1::ChannelValue& value : {phone_, mail_}) {
    ASSERT_THAT(Move(kAda, kBob, value, /*never_theirs=*/true), IsOk());
  }
  EXPECT_EQ(Why({kBob}, phone_), "GRANTED");
  EXPECT_EQ(Why({kAda}, phone_), "NO_CONSENT");
  EXPECT_EQ(Why({kBob}, mail_), "REFUSED");
  EXPECT_EQ(Why({kAda}, mail_), "REFUSED");
  const auto listed = List({kBob});
  ASSERT_EQ(listed->consents_size(), 2);
  EXPECT_EQ(listed->consents(0).consent_id(), refused->consent_id());
  EXPECT_EQ(listed->consents(1).consent_id(), granted->consent_id());
  EXPECT_EQ(listed->consents(1).contact_id(), kBob);
  EXPECT_EQ(listed->consents(1).copied_from_contact_id(), kAda);
  EXPECT_EQ(List({kAda})->consents_size(), 2);
  // There and back, no record is doubled, and none is lost.
  ASSERT_THAT(Move(kBob, kAda, phone_, /*never_theirs=*/true), IsOk());
  EXPECT_EQ(Why({kAda}, phone_), "GRANTED");
  EXPECT_EQ(List({kAda})->consents_size(), 2);
}

// Only the person lifts a refusal, and who moves a value is not the person.
TEST_F(MayContactTest, WhatWasNeverTheirsLiftsNoRefusal) {
  ASSERT_THAT(Claim(kAda, {phone_, mail_}).status(), IsOk());
  ASSERT_THAT(Record(Word(kBob, v1::CONSENT_STATE_REFUSED)).status(), IsOk());
  ASSERT_THAT(Record(Confirm(kAda, phone_), kDemoVerified).status(), IsOk());
  EXPECT_EQ(Why({kAda}, phone_), "GRANTED");
  ASSERT_THAT(Move(kAda, kBob, phone_, /*never_theirs=*/true), IsOk());
  EXPECT_EQ(Why({kBob}, phone_), "REFUSED");
  ASSERT_THAT(Record(Confirm(kBob, phone_), kDemoVerified).status(), IsOk());
  EXPECT_EQ(Why({kBob}, phone_), "GRANTED");
  // Ada has refused the address itself, and Cleo has confirmed it since.
  ASSERT_THAT(Record(Refuse(kAda, mail_)).status(), IsOk());
  ASSERT_THAT(Move(kAda, kCleo, mail_, /*never_theirs=*/false), IsOk());
  ASSERT_THAT(Record(Confirm(kCleo, mail_), kDemoVerified).status(), IsOk());
  EXPECT_EQ(Why({kCleo}, mail_), "GRANTED");
  ASSERT_THAT(Move(kCleo, kAda, mail_, /*never_theirs=*/true), IsOk());
  EXPECT_EQ(Why({kAda}, mail_), "REFUSED");
}

// The person has said so last; nobody needs to confirm it again.
TEST_F(MayContactTest, WhatWasNeverTheirsLeavesALiftedRefusalBehind) {
  ASSERT_THAT(Claim(kAda, {phone_}).status(), IsOk());
  ASSERT_THAT(Record(Refuse(kAda, phone_)).status(), IsOk());
  ASSERT_THAT(Record(Confirm(kAda, phone_), kDemoVerified).status(), IsOk());
  ASSERT_THAT(Move(kAda, kBob, phone_, /*never_theirs=*/true), IsOk());
  EXPECT_EQ(Why({kBob}, phone_), "GRANTED");
}

TEST_F(MayContactTest, ASuppressionOutlivesItsContactAndStopsImports) {
  ASSERT_THAT(Claim(kAda, {phone_, mail_}).status(), IsOk());
  ASSERT_THAT(Record(Refuse(kAda, phone_)).status(), IsOk());
  // All of the contact is erased.
  for (const char* table : {"consents", "consent_states"}) {
    harness_.database().Execute(absl::StrCat("DELETE FROM ", table));
  }
  Pass(absl::Seconds(1));
  ASSERT_THAT(Unlink(kAda, phone_).status(), IsOk());
  ASSERT_THAT(Link(kBob, phone_).status(), IsOk());
  EXPECT_EQ(Why({kBob}, phone_), "SUPPRESSED");
  EXPECT_THAT(Record(Grant(kBob, phone_)).status(),
              StatusIs(StatusCode::kFailedPrecondition, "suppressed"));
  ASSERT_THAT(Record(Confirm(kBob, phone_), kDemoVerified).status(), IsOk());
  EXPECT_EQ(Why({kBob}, phone_), "GRANTED");
}

TEST_F(MayContactTest, ARefusalForAChannelSuppressesItsValuesThatAreHeld) {
  ASSERT_THAT(Claim(kAda, {phone_, mail_}).status(), IsOk());
  v1::RecordConsentRequest refuse = Word(kAda, v1::CONSENT_STATE_REFUSED);
  refuse.mutable_consent()->set_channel(v1::CHANNEL_PHONE);
  ASSERT_THAT(Record(refuse).status(), IsOk());
  EXPECT_EQ(Rows("suppressions"), 1);
  harness_.database().Execute("DELETE FROM consent_states");
  EXPECT_EQ(Why({kAda}, phone_), "SUPPRESSED");
  EXPECT_EQ(Why({kAda}, mail_), "NO_CONSENT");
}

// Nobody can tell by the table whose number was refused.
TEST_F(MayContactTest, SuppressionsHoldNoIdentityKey) {
  const auto refused = Record(Refuse(kAda, phone_));
  ASSERT_THAT(refused.status(), IsOk());
  const auto rows_with = [&](absl::string_view text) {
    return harness_.database().SelectInt(
        absl::StrCat("SELECT COUNT(*) FROM suppressions WHERE "
                     "LOWER(HEX(identity_hash)) LIKE '%",
                     text, "%'"));
  };
  EXPECT_EQ(rows_with(""), 1);
  EXPECT_EQ(rows_with(refused->identity_key()), 0);
  EXPECT_EQ(
      rows_with(absl::BytesToHexString(base::Sha256(refused->identity_key()))),
      0);
}

TEST_F(MayContactTest, ABatchAnswersEachAsIfItWereAlone) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  ASSERT_THAT(Claim(kBob, {phone_}).status(), IsOk());
  ASSERT_THAT(Record(Grant(kAda, mail_)).status(), IsOk());
  ASSERT_THAT(Record(Refuse(kBob, phone_)).status(), IsOk());
  v1::BatchMayContactRequest batch;
  *batch.add_requests() = Question({kAda});
  *batch.add_requests() = Question({kBob});
  *batch.add_requests() = Question({kCleo});
  *batch.add_requests() = Question({});
  v1::MayContactRequest refused_value = Question({kAda});
  *refused_value.mutable_value() = Phone("0000000");
  *batch.add_requests() = refused_value;
  const auto response = harness_.Call(&Stub::BatchMayContact, batch);
  ASSERT_THAT(response.status(), IsOk());
  ASSERT_EQ(response->results_size(), 5);
  EXPECT_EQ(response->results(0).response().reason(),
            v1::MAY_CONTACT_REASON_GRANTED);
  EXPECT_EQ(response->results(1).response().reason(),
            v1::MAY_CONTACT_REASON_REFUSED);
  EXPECT_EQ(response->results(2).response().reason(),
            v1::MAY_CONTACT_REASON_NO_CONSENT);
  EXPECT_EQ(response->results(3).error().code(), 3);
  EXPECT_EQ(response->results(4).error().code(), 3);
}

TEST_F(MayContactTest, IdentitiesShowWhatCountsWhereTheyAreAskedFor) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  ASSERT_THAT(Claim(kBob, {phone_}).status(), IsOk());
  ASSERT_THAT(Record(Grant(kAda, mail_)).status(), IsOk());
  v1::ListIdentitiesRequest list;
  list.add_sets()->add_contact_ids(kAda);
  list.mutable_sets(0)->add_contact_ids(kBob);
  const auto plain = harness_.Call(&Stub::ListIdentities, list);
  EXPECT_EQ(plain->results(0).identities(0).consents_size(), 0);
  list.set_include_consents(true);
  const auto states = [&] {
    std::vector<std::string> all;
    const auto listed = harness_.Call(&Stub::ListIdentities, list);
    for (const auto& identity : listed->results(0).identities()) {
      for (const auto& each : identity.consents()) {
        all.push_back(absl::StrCat(v1::Channel_Name(identity.channel()), " ",
                                   v1::ConsentPurpose_Name(each.purpose()), " ",
                                   v1::ConsentState_Name(each.state())));
      }
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  EXPECT_THAT(states(), ElementsAre("CHANNEL_EMAIL CONSENT_PURPOSE_MARKETING "
                                    "CONSENT_STATE_GRANTED"));
  ASSERT_THAT(Record(Word(kBob, v1::CONSENT_STATE_REFUSED)).status(), IsOk());
  EXPECT_THAT(states(), ElementsAre("CHANNEL_EMAIL CONSENT_PURPOSE_MARKETING "
                                    "CONSENT_STATE_REFUSED",
                                    "CHANNEL_PHONE CONSENT_PURPOSE_MARKETING "
                                    "CONSENT_STATE_REFUSED"));
}

TEST_F(MayContactTest, APastIdentityShowsNoGrant) {
  ASSERT_THAT(Claim(kAda, {mail_, phone_}).status(), IsOk());
  ASSERT_THAT(Record(Grant(kAda, mail_)).status(), IsOk());
  ASSERT_THAT(Record(Refuse(kAda, phone_)).status(), IsOk());
  for (const v1::ChannelValue& value : {mail_, phone_}) {
    ASSERT_THAT(Unlink(kAda, value).status(), IsOk());
  }
  v1::ListIdentitiesRequest list;
  list.add_sets()->add_contact_ids(kAda);
  list.set_include_past(true);
  list.set_include_consents(true);
  const auto listed = harness_.Call(&Stub::ListIdentities, list);
  ASSERT_THAT(listed.status(), IsOk());
  ASSERT_EQ(listed->results(0).identities_size(), 2);
  for (const auto& identity : listed->results(0).identities()) {
    const bool is_phone = identity.channel() == v1::CHANNEL_PHONE;
    ASSERT_EQ(identity.consents_size(), is_phone ? 1 : 0);
    if (!is_phone) continue;
    EXPECT_EQ(identity.consents(0).state(), v1::CONSENT_STATE_REFUSED);
  }
}

TEST_F(MayContactTest, AResolvedHolderShowsThemToo) {
  ASSERT_THAT(Claim(kAda, {mail_}).status(), IsOk());
  ASSERT_THAT(Record(Refuse(kAda, mail_)).status(), IsOk());
  v1::ResolveIdentityRequest resolve = ResolveOf(mail_);
  resolve.set_include_holder_identities(true);
  resolve.set_include_consents(true);
  const auto response = harness_.Call(&Stub::ResolveIdentity, resolve);
  ASSERT_THAT(response.status(), IsOk());
  const auto& identity = response->holder_identities().identities(0);
  ASSERT_EQ(identity.consents_size(), 1);
  EXPECT_EQ(identity.consents(0).state(), v1::CONSENT_STATE_REFUSED);
}

}  // namespace
}  // namespace kith::identity
