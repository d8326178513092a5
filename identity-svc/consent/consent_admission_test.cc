#include "identity-svc/consent/consent_admission.h"

#include "common/testing/matchers.h"
#include "gtest/gtest.h"
#include "identity-svc/consent/consent_words_fixture.h"

namespace kith::identity {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using W = ConsentWords;

v1::Consent ByForm(v1::Consent record) {
  record.set_assurance(config::v1::ASSURANCE_UNAUTHENTICATED);
  return record;
}

TEST(CheckCallerTest, AFormMayOnlyAsk) {
  EXPECT_THAT(CheckCaller(ByForm(W::Asked())), IsOk());
  EXPECT_THAT(CheckCaller(ByForm(W::Granted())),
              StatusIs(StatusCode::kPermissionDenied, "want PENDING"));
  EXPECT_THAT(CheckCaller(ByForm(W::Refused())),
              StatusIs(StatusCode::kPermissionDenied, "want PENDING"));
  v1::Consent reported = ByForm(W::Asked());
  reported.set_source("crm");
  EXPECT_THAT(CheckCaller(reported),
              StatusIs(StatusCode::kPermissionDenied, "consent.source"));
}

TEST(CheckCallerTest, AReportedKeyGrantsAndRefusesAndDoesNotConfirm) {
  EXPECT_THAT(CheckCaller(W::Asked()), IsOk());
  EXPECT_THAT(CheckCaller(W::Granted()), IsOk());
  EXPECT_THAT(CheckCaller(W::Refused()), IsOk());
  v1::Consent confirmed = ConsentWords().Confirmed();
  EXPECT_THAT(CheckCaller(confirmed), IsOk());
  confirmed.set_assurance(config::v1::ASSURANCE_REPORTED);
  EXPECT_THAT(CheckCaller(confirmed),
              StatusIs(StatusCode::kPermissionDenied, "confirmation"));
}

absl::Status Record(ConsentWords& words, const v1::Consent& record) {
  words.Say(record);
  return CheckNotRefused(words.last(), words.Facts(record.identity_key()));
}

// An export that was edited and imported again made everybody active.
TEST(CheckNotRefusedTest, AnImportDoesNotGrantOverARefusal) {
  ConsentWords words;
  words.Say(W::Refused());
  v1::Consent record = W::Granted();
  record.set_captured_by(v1::CONSENT_CAPTURER_SYSTEM);
  record.set_method(v1::CONSENT_METHOD_IMPORT);
  EXPECT_THAT(Record(words, record),
              StatusIs(StatusCode::kFailedPrecondition, "refused by"));
}

TEST(CheckNotRefusedTest, NorOverASuppression) {
  ConsentWords words;
  words.Say(W::Refused(), kBen);
  words.ForgetContacts();
  EXPECT_THAT(Record(words, W::Granted()),
              StatusIs(StatusCode::kFailedPrecondition, "suppressed"));
}

TEST(CheckNotRefusedTest, AnImportRefusesAndAsksAlways) {
  ConsentWords words;
  words.Say(W::Refused());
  EXPECT_THAT(Record(words, W::Refused()), IsOk());
  EXPECT_THAT(Record(words, W::Asked()), IsOk());
}

TEST(CheckNotRefusedTest, AWideGrantBesideANarrowRefusalIsTaken) {
  ConsentWords words;
  words.Say(W::Refused());
  EXPECT_THAT(Record(words, W::ForAll(W::Granted())), IsOk());
  EXPECT_EQ(words.Why(), v1::MAY_CONTACT_REASON_REFUSED);
}

TEST(CheckNotRefusedTest, ANarrowGrantUnderAWideRefusalIsNot) {
  ConsentWords words;
  words.Say(W::ForPurpose(W::ForAll(W::Refused()), v1::CONSENT_PURPOSE_ALL));
  for (const v1::Consent& record :
       {W::Granted(), W::ForTopic(W::Granted(), "news"),
        W::ForChannel(W::Granted(), v1::CHANNEL_EMAIL)}) {
    EXPECT_THAT(Record(words, record),
                StatusIs(StatusCode::kFailedPrecondition, "refused by"));
  }
}

TEST(CheckNotRefusedTest, AConfirmationIsTaken) {
  ConsentWords words;
  words.Say(W::Refused());
  EXPECT_THAT(Record(words, words.Confirmed()), IsOk());
  EXPECT_THAT(Record(words, W::Granted()), IsOk())
      << "once it is lifted, others may grant";
}

TEST(CheckNotRefusedTest, AConfirmationFromBeforeTheRefusalIsNot) {
  ConsentWords words;
  const v1::Consent early = words.Confirmed();
  words.Say(W::Refused());
  EXPECT_THAT(Record(words, early),
              StatusIs(StatusCode::kFailedPrecondition, "said after"));
}

TEST(CheckHeldTest, OnlyARefusalIsTakenForAValueThatIsNotHeld) {
  EXPECT_THAT(CheckHeld(W::Granted(), true), IsOk());
  EXPECT_THAT(CheckHeld(W::Granted(), false),
              StatusIs(StatusCode::kFailedPrecondition, "does not hold"));
  EXPECT_THAT(CheckHeld(W::Asked(), false),
              StatusIs(StatusCode::kFailedPrecondition, "does not hold"));
  EXPECT_THAT(CheckHeld(W::Refused(), false), IsOk());
}

TEST(IsFullTest, HasPlaceForWhatIsKnownAndForRefusals) {
  internal::v1::ConsentStates states;
  for (int i = 0; i < kMaxConsentEntries; ++i) {
    v1::Consent record = W::ForTopic(W::Granted(), absl::StrCat(i));
    *record.mutable_recorded_time() = W::At(i + 1);
    EXPECT_FALSE(IsFull(states, record));
    AddToStates(record, states);
  }
  EXPECT_TRUE(IsFull(states, W::ForTopic(W::Granted(), "more")));
  EXPECT_TRUE(IsFull(states, W::ForTopic(W::Asked(), "more")));
  EXPECT_FALSE(IsFull(states, W::ForTopic(W::Granted(), "7")));
  EXPECT_FALSE(IsFull(states, W::ForTopic(W::Refused(), "more")));
}

TEST(AddToSuppressionsTest, OnlyRefusalsAndConfirmationsChangeThem) {
  Suppressions suppressions;
  EXPECT_EQ(AddToSuppressions(W::Granted(), suppressions), nullptr);
  EXPECT_EQ(AddToSuppressions(W::Asked(), suppressions), nullptr);
  EXPECT_TRUE(suppressions.empty());
  v1::Consent refused = W::Refused();
  *refused.mutable_recorded_time() = W::At(7);
  const Suppression* changed = AddToSuppressions(refused, suppressions);
  ASSERT_NE(changed, nullptr);
  EXPECT_EQ(changed->refused_micros, 7'000'000);
  EXPECT_EQ(changed->lifted_micros, 0);
}

}  // namespace
}  // namespace kith::identity
