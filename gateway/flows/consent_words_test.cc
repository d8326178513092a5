#include "gateway/flows/consent_words.h"

#include <string>

#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

TEST(KeywordOfTest, KnowsStopAndStartWords) {
  for (const char* text :
       {"STOP", "stop", " Stop\r\n", "StopAll", "unsubscribe", "CANCEL", "End",
        "quit", "REVOKE", "optout", "Opt-Out", "remove", "ARRET", "arrêt",
        "ARRÊT", "td"}) {
    EXPECT_EQ(KeywordOf(text), Keyword::kStop) << text;
  }
  for (const char* text : {"START", "start ", "Unstop"}) {
    EXPECT_EQ(KeywordOf(text), Keyword::kStart) << text;
  }
}

// What phones and mail programs make of the words.
TEST(KeywordOfTest, KnowsWordsAsTheyAreShown) {
  for (const char* text :
       {"STOP\u00A0", "\u200BSTOP", "\uFEFFstop\u3000", "ST\u00ADOP",
        "\uFF33\uFF34\uFF2F\uFF30", "\uFF53\uFF54\uFF4F\uFF50", "ARRE\u0302T",
        "arre\u0302t"}) {
    EXPECT_EQ(KeywordOf(text), Keyword::kStop) << text;
  }
  EXPECT_EQ(KeywordOf("START\u200B"), Keyword::kStart);
  for (const char* text : {"\u200B", "STO\u0302P", "stop\u00A0it", "\xEF\xBC",
                           "\uFF33\uFF34", "STOP\xE2\x80"}) {
    EXPECT_EQ(KeywordOf(text), Keyword::kNone) << text;
  }
}

TEST(KeywordOfTest, OnlyAWholeMessageIsOne) {
  for (const char* text : {"", "please stop", "stop it", "STOP.", "YES", "HELP",
                           "INFO", "ending", "to the end", "S T O P"}) {
    EXPECT_EQ(KeywordOf(text), Keyword::kNone) << text;
  }
}

class ConsentWordOfTest : public ::testing::Test {
 protected:
  ConsentWordOfTest() {
    touch_.set_request_id("touch-1");
    auto& interaction = *touch_.mutable_interaction();
    interaction.set_kind(interactions::v1::KIND_MESSAGE);
    interaction.set_direction(interactions::v1::DIRECTION_INBOUND);
    interaction.set_body("Stop");
    interaction.mutable_occurred_time()->set_seconds(1'700'000'000);
    owner_.contact_id = "0192f0c1-2a3b-7c4d-8e5f-00000000000a";
    owner_.word_key = std::string(32, 'a');
  }

  std::optional<identity::v1::RecordConsentRequest> Word(
      config::v1::Assurance assurance = config::v1::ASSURANCE_REPORTED) {
    return ConsentWordOf(touch_, owner_, assurance);
  }

  v1::RecordTouchRequest touch_;
  TouchOwner owner_;
};

TEST_F(ConsentWordOfTest, AStopWordRefusesMarketingByItsValue) {
  const auto word = Word();
  ASSERT_TRUE(word.has_value());
  EXPECT_EQ(word->contact_id(), owner_.contact_id);
  EXPECT_EQ(word->consent().identity_key(), owner_.word_key);
  EXPECT_EQ(word->consent().state(), identity::v1::CONSENT_STATE_REFUSED);
  EXPECT_EQ(word->consent().purpose(), identity::v1::CONSENT_PURPOSE_MARKETING);
  EXPECT_EQ(word->consent().captured_by(),
            identity::v1::CONSENT_CAPTURER_PERSON);
  EXPECT_EQ(word->consent().captured_time().seconds(), 1'700'000'000);
}

TEST_F(ConsentWordOfTest, ARepeatSaysTheSameUnderTheSameRequestId) {
  const auto first = Word();
  owner_.contact_id = "0192f0c1-2a3b-7c4d-8e5f-00000000000b";
  const auto again = Word();
  EXPECT_EQ(first->request_id(), again->request_id());
  EXPECT_EQ(first->forwarded().fingerprint(), again->forwarded().fingerprint());
  touch_.set_request_id("touch-2");
  EXPECT_NE(Word()->request_id(), first->request_id());
}

TEST_F(ConsentWordOfTest, OnlyTheCustomersOwnMessageIsAWord) {
  touch_.mutable_interaction()->set_direction(
      interactions::v1::DIRECTION_OUTBOUND);
  EXPECT_FALSE(Word().has_value());
  touch_.mutable_interaction()->set_direction(
      interactions::v1::DIRECTION_INBOUND);
  touch_.mutable_interaction()->set_kind(interactions::v1::KIND_EMAIL);
  EXPECT_FALSE(Word().has_value());
}

// Bounce, complaint and refusal are three facts.
// https://github.com/knadh/listmonk/issues/2452
TEST_F(ConsentWordOfTest, ABounceAndAComplaintAreNoRefusal) {
  auto& interaction = *touch_.mutable_interaction();
  interaction.set_body("This is a disgrace, and I complain");
  interaction.set_opens(interactions::v1::THREAD_KIND_PROBLEM);
  EXPECT_FALSE(Word().has_value());
  interaction.set_kind(interactions::v1::KIND_EMAIL);
  interaction.set_direction(interactions::v1::DIRECTION_OUTBOUND);
  interaction.set_purpose(interactions::v1::PURPOSE_MARKETING);
  interaction.set_outcome(interactions::v1::OUTCOME_FAILED);
  EXPECT_FALSE(Word().has_value());
}

// Anybody could stop anybody.
TEST_F(ConsentWordOfTest, AFormSaysNone) {
  EXPECT_FALSE(Word(config::v1::ASSURANCE_UNAUTHENTICATED).has_value());
  touch_.mutable_interaction()->set_outcome(
      interactions::v1::OUTCOME_OPT_OUT_ASKED);
  EXPECT_FALSE(Word(config::v1::ASSURANCE_UNAUTHENTICATED).has_value());
}

TEST_F(ConsentWordOfTest, WithoutAValueAStopIsForAll) {
  owner_.word_key.clear();
  ASSERT_TRUE(Word().has_value());
  EXPECT_EQ(Word()->consent().identity_key(), "");
  EXPECT_EQ(Word()->consent().state(), identity::v1::CONSENT_STATE_REFUSED);
}

TEST_F(ConsentWordOfTest, AnOptOutOnThePhoneRefusesAtOnce) {
  auto& interaction = *touch_.mutable_interaction();
  interaction.set_kind(interactions::v1::KIND_CALL);
  interaction.set_direction(interactions::v1::DIRECTION_OUTBOUND);
  interaction.set_outcome(interactions::v1::OUTCOME_OPT_OUT_ASKED);
  interaction.set_agent("Dana");
  interaction.clear_body();
  const auto word = Word();
  ASSERT_TRUE(word.has_value());
  EXPECT_EQ(word->consent().state(), identity::v1::CONSENT_STATE_REFUSED);
  EXPECT_EQ(word->consent().captured_by(),
            identity::v1::CONSENT_CAPTURER_AGENT);
  EXPECT_EQ(word->consent().agent(), "Dana");
  EXPECT_EQ(word->consent().method(), identity::v1::CONSENT_METHOD_CALL);
}

// A provider's START ends the provider's block, and grants nothing.
TEST_F(ConsentWordOfTest, AStartWordOnlyAsksUnlessThePersonIsVerified) {
  touch_.mutable_interaction()->set_body("START");
  EXPECT_EQ(Word()->consent().state(), identity::v1::CONSENT_STATE_PENDING);
  const auto verified = Word(config::v1::ASSURANCE_VERIFIED);
  ASSERT_TRUE(verified.has_value());
  EXPECT_EQ(verified->consent().state(), identity::v1::CONSENT_STATE_GRANTED);
  EXPECT_TRUE(verified->consent().has_confirmation());
  // A program has said it, not the person.
  touch_.mutable_interaction()->set_automated(true);
  EXPECT_EQ(Word(config::v1::ASSURANCE_VERIFIED)->consent().state(),
            identity::v1::CONSENT_STATE_PENDING);
  owner_.word_key.clear();
  EXPECT_FALSE(Word().has_value());
}

}  // namespace
}  // namespace kith::gateway
