#include "identity-svc/consent/permission.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "identity-svc/consent/consent_words_fixture.h"

namespace kith::identity {
namespace {

using enum v1::ConsentPurpose;
using enum v1::MayContactReason;
using enum v1::MayContactAnswer;

class PermissionTest : public ::testing::Test {
 protected:
  using W = ConsentWords;
  ConsentWords words_;
};

TEST_F(PermissionTest, SilenceIsNoForMarketingAndSharingAndYesOtherwise) {
  EXPECT_EQ(words_.Ask().answer(), MAY_CONTACT_ANSWER_NO);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_NO_CONSENT);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_SHARE), MAY_CONTACT_REASON_NO_CONSENT);
  EXPECT_EQ(words_.Ask(CONSENT_PURPOSE_SALES).answer(), MAY_CONTACT_ANSWER_YES);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_SALES), MAY_CONTACT_REASON_NOT_REFUSED);
}

TEST_F(PermissionTest, AGrantIsYesWithItsRecordAsEvidence) {
  const std::string id = words_.Say(W::Granted());
  EXPECT_EQ(words_.Ask().answer(), MAY_CONTACT_ANSWER_YES);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
  EXPECT_EQ(words_.Ask().consent_id(), id);
  EXPECT_EQ(words_.Ask().contact_id(), kAnn);
}

// Password resets died in a system that stopped them too.
TEST_F(PermissionTest, ServiceAndTransactionPassWhateverIsRefused) {
  words_.Say(W::ForPurpose(W::ForAll(W::Refused()), CONSENT_PURPOSE_ALL));
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_SERVICE),
            MAY_CONTACT_REASON_PURPOSE_PASSES);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_TRANSACTION),
            MAY_CONTACT_REASON_PURPOSE_PASSES);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_SALES), MAY_CONTACT_REASON_REFUSED);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_SHARE), MAY_CONTACT_REASON_REFUSED);
}

TEST_F(PermissionTest, ARefusalStopsAllThatIsPartOfIt) {
  const auto all = v1::CONSENT_PURPOSE_ALL;
  for (const v1::Consent& refusal :
       {W::Refused(), W::ForAll(W::Refused()),
        W::ForChannel(W::Refused(), v1::CHANNEL_EMAIL),
        W::ForPurpose(W::Refused(), all),
        W::ForPurpose(W::ForAll(W::Refused()), all)}) {
    ConsentWords words;
    words.Say(W::Granted());
    words.Say(W::ForTopic(W::Granted(), "news"));
    const std::string id = words.Say(refusal);
    words.ForgetSuppressions();
    for (const char* topic : {"", "news"}) {
      EXPECT_EQ(words.Why(CONSENT_PURPOSE_MARKETING, topic),
                MAY_CONTACT_REASON_REFUSED)
          << refusal.ShortDebugString();
      EXPECT_EQ(words.Ask(CONSENT_PURPOSE_MARKETING, topic).consent_id(), id);
    }
  }
}

TEST_F(PermissionTest, ARefusalStopsNoMoreThanWhatWasRefused) {
  const v1::Consent granted = W::ForAll(W::Granted());
  for (const v1::Consent& refusal :
       {W::ForOtherMail(W::Refused()), W::ForTopic(W::Refused(), "news"),
        W::ForPurpose(W::Refused(), CONSENT_PURPOSE_SALES),
        W::ForChannel(W::Refused(), v1::CHANNEL_PHONE)}) {
    ConsentWords words;
    words.Say(granted);
    words.Say(refusal);
    EXPECT_EQ(words.Why(), MAY_CONTACT_REASON_GRANTED)
        << refusal.ShortDebugString();
  }
}

TEST_F(PermissionTest, AGrantOfATopicIsForThatTopicAlone) {
  words_.Say(W::ForTopic(W::Granted(), "news"));
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_MARKETING, "news"),
            MAY_CONTACT_REASON_GRANTED);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_NO_CONSENT);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_MARKETING, "News"),
            MAY_CONTACT_REASON_NO_CONSENT);
}

TEST_F(PermissionTest, PendingIsNoAndSaysSo) {
  const std::string id = words_.Say(W::Asked());
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_PENDING);
  EXPECT_EQ(words_.Ask().answer(), MAY_CONTACT_ANSWER_NO);
  EXPECT_EQ(words_.Ask().consent_id(), id);
}

// Anybody who knew an address un-confirmed its owner.
TEST_F(PermissionTest, AFormDoesNotLowerAGrant) {
  words_.Say(W::Granted());
  v1::Consent asked = W::Asked();
  asked.set_assurance(config::v1::ASSURANCE_UNAUTHENTICATED);
  words_.Say(asked);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
}

TEST_F(PermissionTest, AFormDoesNotLiftARefusal) {
  words_.Say(W::Refused());
  v1::Consent asked = W::Asked();
  asked.set_assurance(config::v1::ASSURANCE_UNAUTHENTICATED);
  words_.Say(asked);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_REFUSED);
}

TEST_F(PermissionTest, AConfirmationGrantsWhatWasAsked) {
  words_.Say(W::Asked());
  words_.Say(words_.Confirmed());
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
}

// In a system a refusal was for ever, as the page wrote a grant that the sender
// did not heed.
TEST_F(PermissionTest, ThePersonLiftsARefusalByAConfirmationOfTheValue) {
  words_.Say(W::Refused());
  words_.Say(W::Asked());
  words_.Say(words_.Confirmed());
  EXPECT_EQ(words_.Ask().answer(), MAY_CONTACT_ANSWER_YES);
  words_.Say(W::Refused());
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_REFUSED);
}

TEST_F(PermissionTest, NobodyElseLiftsARefusal) {
  const auto with = [&](auto change) {
    v1::Consent record = ConsentWords().Confirmed();
    change(record);
    return record;
  };
  for (const v1::Consent& record :
       {with([](auto& r) { r.set_assurance(config::v1::ASSURANCE_REPORTED); }),
        with([](auto& r) { r.set_captured_by(v1::CONSENT_CAPTURER_AGENT); }),
        with([](auto& r) { r.set_captured_by(v1::CONSENT_CAPTURER_SYSTEM); }),
        with([](auto& r) { r.clear_confirmation(); }),
        with([](auto& r) { r.set_identity_key(kOtherMail); }),
        with([](auto& r) { r.clear_identity_key(); }),
        with([](auto& r) { r.set_topic("news"); }),
        with([](auto& r) { r.set_purpose(CONSENT_PURPOSE_SALES); })}) {
    ConsentWords words;
    words.Say(W::Refused());
    v1::Consent later = record;
    if (later.has_confirmation()) {
      *later.mutable_confirmation()->mutable_confirmed_time() =
          W::At(words.now() + 1);
    }
    words.Say(later);
    EXPECT_EQ(words.Why(), MAY_CONTACT_REASON_REFUSED)
        << record.ShortDebugString();
    words.ForgetContacts();
    EXPECT_EQ(words.Why(), MAY_CONTACT_REASON_SUPPRESSED)
        << record.ShortDebugString();
  }
}

TEST_F(PermissionTest, AConfirmationLiftsAWiderRefusalForItsValueAlone) {
  words_.Say(W::ForPurpose(W::ForAll(W::Refused()), CONSENT_PURPOSE_ALL));
  words_.Say(words_.Confirmed());
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_SALES), MAY_CONTACT_REASON_REFUSED);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_MARKETING, "", kOtherMail),
            MAY_CONTACT_REASON_REFUSED);
}

TEST_F(PermissionTest, AConfirmationForAllTopicsLiftsARefusalOfOne) {
  words_.Say(W::ForTopic(W::Refused(), "news"));
  words_.Say(words_.Confirmed());
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_MARKETING, "news"),
            MAY_CONTACT_REASON_GRANTED);
  words_.ForgetContacts();
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_MARKETING, "news"),
            MAY_CONTACT_REASON_NO_CONSENT);
}

TEST_F(PermissionTest, AConfirmationOfATopicLiftsForThatTopicAlone) {
  words_.Say(W::Refused());
  words_.Say(W::ForTopic(words_.Confirmed(), "news"));
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_MARKETING, "news"),
            MAY_CONTACT_REASON_GRANTED);
  for (const char* topic : {"", "offers"}) {
    EXPECT_EQ(words_.Why(CONSENT_PURPOSE_MARKETING, topic),
              MAY_CONTACT_REASON_REFUSED);
  }
}

TEST_F(PermissionTest, AConfirmationFromBeforeTheRefusalLiftsNothing) {
  v1::Consent early = words_.Confirmed();
  *early.mutable_captured_time() = W::At(words_.now() + 1);
  words_.Say(W::Refused());
  words_.Say(early);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_REFUSED);
}

TEST_F(PermissionTest, AClockThatIsAheadLiftsNoLaterRefusal) {
  v1::Consent ahead = words_.Confirmed();
  *ahead.mutable_captured_time() = W::At(words_.now() + 3'600);
  *ahead.mutable_confirmation()->mutable_confirmed_time() =
      W::At(words_.now() + 3'600);
  words_.Say(ahead);
  words_.Say(W::Refused());
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_REFUSED);
}

TEST_F(PermissionTest, ALateRefusalCountsFromItsRecording) {
  words_.Say(words_.Confirmed());
  v1::Consent late = W::Refused();
  *late.mutable_captured_time() = W::At(words_.now() - 100);
  words_.Say(late);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_REFUSED);
}

// --- groups

TEST_F(PermissionTest, InAGroupTheStrictestCounts) {
  words_.Say(W::Granted(), kAnn);
  words_.Say(W::ForAll(W::Refused()), kBen);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_REFUSED);
  EXPECT_EQ(words_.Ask().contact_id(), kBen);
}

TEST_F(PermissionTest, UnmergeLeavesEachWordOnItsContact) {
  words_.Say(W::Granted(), kAnn);
  words_.Say(W::ForAll(W::Refused()), kBen);
  words_.SetGroup({kAnn});
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
  words_.SetGroup({kBen});
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_REFUSED);
}

TEST_F(PermissionTest, AMergeLiftsNoRefusal) {
  words_.Say(W::ForAll(W::Refused()), kBen);
  words_.Say(W::Granted(), kAnn);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_REFUSED);
}

TEST_F(PermissionTest, OfAGroupTheHolderConfirmsTheValueForAll) {
  words_.Say(W::ForAll(W::Refused()), kBen);
  words_.Say(words_.Confirmed(), kAnn);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_MARKETING, "", kOtherMail),
            MAY_CONTACT_REASON_REFUSED);
}

TEST_F(PermissionTest, AGrantForAllOfAnyMemberCounts) {
  words_.Say(W::ForAll(W::Granted()), kBen);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
}

TEST_F(PermissionTest, AnEndedValueCarriesNoConsentToTheNextHolder) {
  words_.Say(W::Granted(), kAnn);
  words_.LetHold(kBen);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_NO_CONSENT);
  words_.LetHold("");
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_NO_CONSENT);
  words_.Say(words_.Confirmed(), kAnn);
  words_.Say(W::Refused(), kBen);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_REFUSED);
}

// --- times of grants

TEST_F(PermissionTest, AGrantCountsFromItsStartUntilItsEnd) {
  v1::Consent granted = W::Granted();
  *granted.mutable_effective_start_time() = W::At(words_.now() + 100);
  *granted.mutable_effective_end_time() = W::At(words_.now() + 200);
  words_.Say(granted);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_NOT_YET);
  words_.Pass(98);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_NOT_YET);
  words_.Pass(1);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
  words_.Pass(99);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
  words_.Pass(1);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_EXPIRED);
}

TEST_F(PermissionTest, AGrantForLaterDoesNotEndTheOneBefore) {
  words_.Say(W::Granted());
  v1::Consent later = W::Granted();
  *later.mutable_effective_start_time() = W::At(words_.now() + 100);
  *later.mutable_effective_end_time() = W::At(words_.now() + 200);
  words_.Say(later);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
  words_.Pass(300);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_EXPIRED);
}

TEST_F(PermissionTest, OfTwoGrantsTheOneThatWasSaidLaterCounts) {
  v1::Consent ended = W::Granted();
  *ended.mutable_effective_end_time() = W::At(words_.now() + 5);
  words_.Say(ended);
  v1::Consent old = W::Granted();
  *old.mutable_captured_time() = W::At(words_.now() - 1'000);
  words_.Say(old);
  words_.Pass(10);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_EXPIRED);
  words_.Say(W::Granted());
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
}

// --- suppressions

TEST_F(PermissionTest, ASuppressionOutlivesTheContact) {
  words_.Say(W::Granted());
  words_.Say(W::Refused());
  words_.ForgetContacts();
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_SUPPRESSED);
  EXPECT_EQ(words_.Ask().answer(), MAY_CONTACT_ANSWER_NO);
  EXPECT_TRUE(words_.Ask().has_recorded_time());
}

// One that was unique by address stopped all, whatever was refused.
TEST_F(PermissionTest, ASuppressionHasThePurposeAndTopicThatWereRefused) {
  words_.Say(W::ForTopic(W::Refused(), "news"));
  words_.ForgetContacts();
  words_.Say(W::Granted());
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_MARKETING, "news"),
            MAY_CONTACT_REASON_SUPPRESSED);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_SALES), MAY_CONTACT_REASON_NOT_REFUSED);
}

TEST_F(PermissionTest, AConfirmationLiftsASuppressionUntilTheNextRefusal) {
  words_.Say(W::ForPurpose(W::Refused(), CONSENT_PURPOSE_ALL), kBen);
  words_.ForgetContacts();
  words_.Say(words_.Confirmed());
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_SALES), MAY_CONTACT_REASON_SUPPRESSED);
  words_.Say(W::Refused(), kBen);
  words_.ForgetContacts();
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_SUPPRESSED);
}

// --- a value that gets another key

TEST(RenameValueTest, KeepsTheLaterRefusalAndTheWordsThatWereThere) {
  using W = ConsentWords;
  internal::v1::ConsentStates states;
  int second = 0;
  const auto say = [&](v1::Consent record) {
    *record.mutable_recorded_time() = W::At(++second);
    AddToStates(record, states);
  };
  say(W::Granted());
  say(W::ForTopic(W::Refused(), "news"));
  say(W::ForOtherMail(W::Granted()));
  say(W::Refused());
  RenameValue(kMail, kOtherMail, states);
  ASSERT_EQ(states.entries_size(), 2);
  for (const auto& entry : states.entries()) {
    EXPECT_EQ(entry.identity_key(), kOtherMail);
    EXPECT_TRUE(entry.has_refusal());
  }
}

// --- a value that was never theirs

class CopyValueTest : public ::testing::Test {
 protected:
  static void Say(v1::Consent record, int second,
                  internal::v1::ConsentStates& states) {
    *record.mutable_recorded_time() = ConsentWords::At(second);
    AddToStates(record, states);
  }

  internal::v1::ConsentStates from_;
  internal::v1::ConsentStates to_;
};

TEST_F(CopyValueTest, CopiesWhatWasSaidOfTheValueAndNothingElse) {
  using W = ConsentWords;
  Say(W::Granted(), 1, from_);
  Say(W::ForTopic(W::Refused(), "news"), 2, from_);
  Say(W::ForOtherMail(W::Granted()), 3, from_);
  Say(W::ForAll(W::Refused()), 4, from_);
  EXPECT_EQ(CopyValue(kMail, from_, to_).size(), 2U);
  ASSERT_EQ(to_.entries_size(), 2);
  EXPECT_TRUE(to_.entries(0).has_grant());
  EXPECT_EQ(to_.entries(1).topic(), "news");
  EXPECT_TRUE(to_.entries(1).has_refusal());
  EXPECT_EQ(from_.entries_size(), 4);
  EXPECT_EQ(to_.recorded_micros(), from_.recorded_micros());
  EXPECT_EQ(CopyValue(kMail, from_, to_).size(), 0U);
}

TEST_F(CopyValueTest, TheLaterWordsStay) {
  using W = ConsentWords;
  Say(W::Granted(), 1, from_);
  Say(W::Refused(), 2, from_);
  Say(W::Refused(), 5, to_);
  Say(W::Granted(), 6, to_);
  EXPECT_EQ(CopyValue(kMail, from_, to_).size(), 0U);
  Say(W::Refused(), 9, from_);
  EXPECT_EQ(CopyValue(kMail, from_, to_).size(), 1U);
  ASSERT_EQ(to_.entries_size(), 1);
  EXPECT_EQ(to_.entries(0).refusal().recorded_micros(), 9'000'000);
  EXPECT_EQ(to_.entries(0).grant().recorded_micros(), 6'000'000);
}

// Else whoever may move a value could lift what its new holder has refused.
TEST_F(CopyValueTest, AConfirmationGoesAsAGrantAlone) {
  using W = ConsentWords;
  v1::Consent confirmed = ConsentWords().Confirmed();
  *confirmed.mutable_confirmation()->mutable_confirmed_time() = W::At(5);
  Say(confirmed, 5, from_);
  EXPECT_EQ(CopyValue(kMail, from_, to_).size(), 1U);
  ASSERT_EQ(to_.entries_size(), 1);
  EXPECT_TRUE(to_.entries(0).has_grant());
  EXPECT_FALSE(to_.entries(0).has_confirmation());
}

TEST_F(CopyValueTest, ARefusalGoesUnlessItIsLiftedAsAWhole) {
  using W = ConsentWords;
  v1::Consent confirmed = ConsentWords().Confirmed();
  *confirmed.mutable_confirmation()->mutable_confirmed_time() = W::At(5);
  Say(W::Refused(), 1, from_);
  Say(W::ForTopic(W::Refused(), "news"), 2, from_);
  Say(W::ForPurpose(W::Refused(), CONSENT_PURPOSE_ALL), 3, from_);
  Say(confirmed, 5, from_);
  Say(W::ForTopic(W::Refused(), "offers"), 6, from_);
  EXPECT_EQ(CopyValue(kMail, from_, to_).size(), 3U);
  EXPECT_EQ(to_.entries_size(), 3);
  std::vector<std::string> refused;
  for (const auto& entry : to_.entries()) {
    if (!entry.has_refusal()) continue;
    refused.push_back(v1::ConsentPurpose_Name(entry.purpose()) + entry.topic());
  }
  EXPECT_THAT(refused,
              ::testing::UnorderedElementsAre(
                  "CONSENT_PURPOSE_ALL", "CONSENT_PURPOSE_MARKETINGoffers"));
}

TEST(JoinSuppressionsTest, ALiftOfOneKeyLiftsNothingOfTheOther) {
  Suppressions to = {
      {.purpose = CONSENT_PURPOSE_MARKETING, .refused_micros = 5}};
  JoinSuppressions({{.purpose = CONSENT_PURPOSE_MARKETING,
                     .refused_micros = 7,
                     .lifted_micros = 9},
                    {.purpose = CONSENT_PURPOSE_SALES, .refused_micros = 3}},
                   to);
  ASSERT_EQ(to.size(), 2U);
  EXPECT_EQ(to[0].refused_micros, 7);
  EXPECT_EQ(to[0].lifted_micros, 0);
  EXPECT_EQ(to[1].refused_micros, 3);
}

// --- beyond the limit

TEST_F(PermissionTest, ARefusalBeyondTheLimitIsForAllTopics) {
  for (int i = 0; i < kMaxConsentEntries; ++i) {
    words_.Say(W::ForTopic(W::Granted(), absl::StrCat("topic", i)));
  }
  words_.Say(W::ForTopic(W::Refused(), "new"));
  words_.ForgetSuppressions();
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_MARKETING, "new"),
            MAY_CONTACT_REASON_REFUSED);
  EXPECT_EQ(words_.Why(CONSENT_PURPOSE_MARKETING, "topic7"),
            MAY_CONTACT_REASON_REFUSED);
}

// --- answers over several values

v1::MayContactResponse Concluded(
    const std::vector<v1::MayContactAnswer>& answers, bool more = false) {
  v1::MayContactResponse response;
  for (const auto answer : answers) {
    response.add_permissions()->set_answer(answer);
  }
  Conclude(more, response);
  return response;
}

TEST(ConcludeTest, AnswersMaybeWhereTheValuesDiffer) {
  constexpr auto kYes = MAY_CONTACT_ANSWER_YES;
  constexpr auto kNo = MAY_CONTACT_ANSWER_NO;
  EXPECT_EQ(Concluded({kYes, kYes}).answer(), kYes);
  EXPECT_EQ(Concluded({kNo, kNo}).answer(), kNo);
  EXPECT_EQ(Concluded({kYes, kNo}).answer(), MAY_CONTACT_ANSWER_MAYBE);
  EXPECT_EQ(Concluded({kYes, kNo}).reason(), MAY_CONTACT_REASON_DIFFERS);
  EXPECT_EQ(Concluded({kYes}, true).answer(), MAY_CONTACT_ANSWER_MAYBE);
}

TEST_F(PermissionTest, OnlyTheStandInGrantsASharedValue) {
  words_.LetShare();
  words_.Say(W::ForAll(W::Granted()), kBen);
  words_.Say(W::Granted(), kBen);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_NO_CONSENT);
  words_.Say(W::Granted(), kAnn);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
}

// Else one of a household would lift what another has refused.
TEST_F(PermissionTest, AStandInLiftsNoRefusalButItsOwn) {
  for (const std::string& refuser : {std::string(kAnn), std::string(kBen)}) {
    for (const v1::Consent& refusal : {W::Refused(), W::ForAll(W::Refused())}) {
      ConsentWords words;
      words.LetShare();
      words.Say(W::Granted(), kAnn);
      words.Say(refusal, refuser);
      EXPECT_EQ(words.Why(), MAY_CONTACT_REASON_REFUSED) << refuser;
      words.Say(words.Confirmed(), kAnn);
      EXPECT_EQ(words.Why(), refuser == kAnn ? MAY_CONTACT_REASON_GRANTED
                                             : MAY_CONTACT_REASON_REFUSED);
    }
  }
}

// Ben has lifted it himself, as long as he held the value alone.
TEST_F(PermissionTest, SharingBringsNoRefusalBackThatWasLifted) {
  words_.LetHold(kBen);
  words_.Say(W::ForAll(W::Refused()), kBen);
  words_.Say(words_.Confirmed(), kBen);
  words_.LetHold(kAnn);
  words_.LetShare();
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_NO_CONSENT);
  words_.Say(W::Granted(), kAnn);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_GRANTED);
  words_.Say(W::Refused(), kBen);
  EXPECT_EQ(words_.Why(), MAY_CONTACT_REASON_REFUSED);
}

TEST_F(PermissionTest, CurrentConsentsAreWhatCountsByPurposeAndTopic) {
  words_.Say(W::Granted());
  words_.Say(W::ForTopic(W::Refused(), "news"));
  words_.Say(W::ForPurpose(W::Asked(), CONSENT_PURPOSE_SHARE));
  words_.Say(W::ForOtherMail(W::Granted()));
  const auto current =
      CurrentConsentsOf(kMail, v1::CHANNEL_EMAIL, words_.Facts(kMail));
  ASSERT_EQ(current.size(), 3U);
  EXPECT_EQ(current[0].state(), v1::CONSENT_STATE_GRANTED);
  EXPECT_EQ(current[1].state(), v1::CONSENT_STATE_REFUSED);
  EXPECT_EQ(current[1].topic(), "news");
  EXPECT_EQ(current[2].purpose(), CONSENT_PURPOSE_SHARE);
  EXPECT_EQ(current[2].state(), v1::CONSENT_STATE_PENDING);
}

TEST_F(PermissionTest, CurrentConsentsShowARefusalOfAllForEachPurpose) {
  words_.Say(W::ForPurpose(W::ForAll(W::Refused()), CONSENT_PURPOSE_ALL));
  EXPECT_EQ(
      CurrentConsentsOf(kMail, v1::CHANNEL_EMAIL, words_.Facts(kMail)).size(),
      3U);
}

}  // namespace
}  // namespace kith::identity
