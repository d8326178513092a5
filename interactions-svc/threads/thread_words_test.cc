#include "interactions-svc/threads/thread_words.h"

#include <string>

#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

v1::Interaction Inbound(v1::Kind kind,
                        v1::Purpose purpose = v1::PURPOSE_SERVICE) {
  v1::Interaction interaction;
  interaction.set_kind(kind);
  interaction.set_direction(v1::DIRECTION_INBOUND);
  interaction.set_purpose(purpose);
  return interaction;
}

v1::Interaction Call(v1::Outcome outcome) {
  v1::Interaction call = Inbound(v1::KIND_CALL);
  call.set_outcome(outcome);
  return call;
}

v1::Interaction Outbound(v1::Interaction interaction) {
  interaction.set_direction(v1::DIRECTION_OUTBOUND);
  return interaction;
}

v1::Interaction Automated(v1::Interaction interaction) {
  interaction.set_automated(true);
  return interaction;
}

v1::Interaction Closing(v1::Interaction interaction) {
  interaction.set_closing(true);
  return interaction;
}

v1::Interaction OfForm(v1::Interaction interaction) {
  interaction.set_assurance(config::v1::ASSURANCE_UNAUTHENTICATED);
  return interaction;
}

v1::Interaction Opening(v1::ThreadKind kind, v1::Interaction interaction) {
  interaction.set_opens(kind);
  return interaction;
}

v1::Interaction Failed(v1::Interaction interaction) {
  interaction.set_outcome(v1::OUTCOME_FAILED);
  return interaction;
}

struct WordCase {
  std::string name;
  v1::Interaction interaction;
  Word word = Word::kNone;
  bool opens = false;
};

class WordsTest : public ::testing::TestWithParam<WordCase> {};

TEST_P(WordsTest, OfAnInteraction) {
  const WordCase& one = GetParam();
  EXPECT_EQ(WordOf(one.interaction), one.word);
  EXPECT_EQ(Opens(one.interaction, one.word), one.opens);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WordsTest,
    ::testing::Values(
        WordCase{"Mail", Inbound(v1::KIND_EMAIL), Word::kInbound, true},
        WordCase{"Message", Inbound(v1::KIND_MESSAGE), Word::kInbound, true},
        WordCase{"Post", Inbound(v1::KIND_SOCIAL_POST), Word::kInbound, true},
        WordCase{"AnsweredCall", Call(v1::OUTCOME_ANSWERED), Word::kInbound,
                 true},
        WordCase{"CallThatEndsInAnOptOut", Call(v1::OUTCOME_OPT_OUT_ASKED),
                 Word::kInbound, true},
        WordCase{"Voicemail", Call(v1::OUTCOME_VOICEMAIL), Word::kInbound,
                 false},
        WordCase{"MissedCall", Call(v1::OUTCOME_MISSED)},
        WordCase{"RingingCall", Call(v1::OUTCOME_UNSPECIFIED)},
        WordCase{"MailOfALead", Inbound(v1::KIND_EMAIL, v1::PURPOSE_SALES),
                 Word::kInbound, false},
        WordCase{"MailThatOpens",
                 Opening(v1::THREAD_KIND_INPUT,
                         Inbound(v1::KIND_EMAIL, v1::PURPOSE_SALES)),
                 Word::kInbound, true},
        WordCase{"MarketingMail",
                 Inbound(v1::KIND_EMAIL, v1::PURPOSE_MARKETING)},
        WordCase{"AutomatedMail", Automated(Inbound(v1::KIND_EMAIL))},
        WordCase{"AutomatedMailThatOpens",
                 Automated(Opening(v1::THREAD_KIND_PROBLEM,
                                   Inbound(v1::KIND_EMAIL)))},
        WordCase{"Thanks", Closing(Inbound(v1::KIND_EMAIL)), Word::kClosing},
        WordCase{"Answer", Outbound(Inbound(v1::KIND_EMAIL)), Word::kOutbound},
        WordCase{"AutomatedAnswer",
                 Automated(Outbound(Inbound(v1::KIND_EMAIL)))},
        WordCase{"AnswerThatBounced",
                 Failed(Outbound(Inbound(v1::KIND_EMAIL)))},
        WordCase{"AnswerOfAForm", OfForm(Outbound(Inbound(v1::KIND_EMAIL)))},
        WordCase{"MailOfAForm", OfForm(Inbound(v1::KIND_EMAIL)), Word::kInbound,
                 true},
        WordCase{"MissedCallOut", Outbound(Call(v1::OUTCOME_MISSED))},
        WordCase{"CallOut", Outbound(Call(v1::OUTCOME_ANSWERED)),
                 Word::kOutbound},
        WordCase{"WebEvent", Inbound(v1::KIND_WEB_EVENT)},
        WordCase{"WebForm",
                 Opening(v1::THREAD_KIND_QUESTION, Inbound(v1::KIND_WEB_EVENT)),
                 Word::kInbound, true},
        WordCase{"Ad", Inbound(v1::KIND_AD)},
        WordCase{"Purchase", Inbound(v1::KIND_PURCHASE)},
        WordCase{"Return", Inbound(v1::KIND_RETURN)},
        WordCase{"Note", Inbound(v1::KIND_NOTE)}),
    [](const auto& info) { return info.param.name; });

TEST(WordsTest, AnInteractionWithoutADirectionIsNone) {
  v1::Interaction mail = Inbound(v1::KIND_EMAIL);
  mail.clear_direction();
  EXPECT_EQ(WordOf(mail), Word::kNone);
}

TEST(WordsTest, TheKindOfAThreadIsAQuestionUnlessSaid) {
  EXPECT_EQ(KindOf(Inbound(v1::KIND_EMAIL)), v1::THREAD_KIND_QUESTION);
  EXPECT_EQ(KindOf(Opening(v1::THREAD_KIND_PROBLEM, Inbound(v1::KIND_EMAIL))),
            v1::THREAD_KIND_PROBLEM);
}

TEST(WordsTest, ABareSubjectHasNoPrefixes) {
  EXPECT_EQ(BareSubject("Re: AW: Fwd:  My   order "), "my order");
  EXPECT_EQ(BareSubject("RE[2]: My order"), "my order");
  EXPECT_EQ(BareSubject("Order: 4711"), "order: 4711");
  EXPECT_EQ(BareSubject("re:"), "");
}

}  // namespace
}  // namespace kith::interactions
