// What opens and ends actions. The rules themselves are tested in actions/.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/rpc_status.h"
#include "common/testing/outbox_rows.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "interactions-svc/actions_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using config::v1::ACTION_KIND_CALL_BACK;
using config::v1::ACTION_KIND_FIRST_CONTACT;
using config::v1::ACTION_KIND_FOLLOW_UP;
using config::v1::ACTION_KIND_REPLY;
using config::v1::ACTION_KIND_REVIEW;
using config::v1::ACTION_KIND_SOLVE;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::kith::testing::ToldOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

MATCHER_P(IsOf, kind, "") { return arg.kind() == kind; }

class ActionsTest : public ActionsFixture {};

TEST_F(ActionsTest, AQuestionOpensAReplyAndItsAnswerEndsIt) {
  const std::string thread = ThreadOf(Asks("q"));
  ASSERT_THAT(Open(), SizeIs(1));
  const v1::Action reply = Open()[0];
  EXPECT_EQ(reply.kind(), ACTION_KIND_REPLY);
  EXPECT_EQ(reply.state(), v1::ACTION_STATE_OPEN);
  EXPECT_EQ(reply.contact_id(), kAda);
  EXPECT_EQ(reply.thread_id(), thread);
  EXPECT_EQ(reply.queue(), "service");
  EXPECT_EQ(base::FromProto(reply.opened_time()), Noon());
  EXPECT_EQ(base::FromProto(reply.due_time()), Noon() + absl::Hours(4));
  EXPECT_EQ(reply.reason().code(), "CUSTOMER_WRITES");
  EXPECT_THAT(reply.reason().text(), HasSubstr("Wrote by e-mail"));
  v1::RecordInteractionRequest answer = Answers("a", 5);
  answer.mutable_interaction()->set_agent("sam");
  Say(answer);
  EXPECT_THAT(Open(), IsEmpty());
  ASSERT_THAT(Ended(), SizeIs(1));
  const v1::Action done = Ended()[0];
  EXPECT_EQ(done.action_id(), reply.action_id());
  EXPECT_EQ(done.state(), v1::ACTION_STATE_DONE);
  EXPECT_TRUE(done.end().by_record());
  EXPECT_EQ(done.end().agent(), "sam");
  EXPECT_THAT(ToldOf(harness_.database(), kAda),
              ElementsAre("1 interaction_recorded", "2 thread_opened",
                          "3 action_opened", "4 interaction_recorded",
                          "5 thread_changed", "6 action_ended"));
}

TEST_F(ActionsTest, AnEndSaysWhoHasEndedTheAction) {
  const std::string thread = ThreadOf(Asks("q"));
  v1::CompleteActionsRequest resolved;
  v1::ThreadStateChange& change = *resolved.add_threads();
  change.set_contact_id(kAda);
  change.set_thread_id(thread);
  change.set_state(v1::THREAD_STATE_RESOLVED);
  change.set_resolution(v1::RESOLUTION_ANSWERED);
  ASSERT_THAT(Complete(resolved, Open()), IsOk());
  EXPECT_EQ(Ended()[0].end().agent(), "sam");
  EXPECT_FALSE(Ended()[0].end().by_record());
  // What is no question any more has ended its action by a record.
  const auto question = Asks("mail", 5, kBob);
  Say(Revision(1, v1::OUTCOME_UNSPECIFIED, question));
  ASSERT_THAT(Open(kBob), SizeIs(1));
  auto advertising = Revision(2, v1::OUTCOME_UNSPECIFIED, question);
  advertising.mutable_interaction()->set_purpose(v1::PURPOSE_MARKETING);
  Say(advertising);
  ASSERT_THAT(Ended(kBob), SizeIs(1));
  EXPECT_TRUE(Ended(kBob)[0].end().by_record());
  // What the interaction does not say, the completion does.
  harness_.clock().Advance(absl::Minutes(1));
  Say(Asks("q-bob", 9, kBob));
  v1::CompleteActionsRequest answered;
  *answered.mutable_interaction() = Answers("a-bob", 10, kBob).interaction();
  answered.mutable_interaction()->set_thread_id(Open(kBob)[0].thread_id());
  ASSERT_THAT(Complete(answered, Open(kBob)), IsOk());
  EXPECT_EQ(Ended(kBob)[0].end().agent(), "sam");
}

TEST_F(ActionsTest, FurtherWordsMoveNeitherTheActionNorItsDueTime) {
  Say(Asks("q"));
  const v1::Action reply = Open()[0];
  Say(Asks("q2", 30));
  ASSERT_THAT(Open(), SizeIs(1));
  EXPECT_EQ(Open()[0].action_id(), reply.action_id());
  EXPECT_EQ(base::FromProto(Open()[0].due_time()), Noon() + absl::Hours(4));
}

// evidence A.3 5: automated mail is kept and moves nothing.
TEST_F(ActionsTest, AnOutOfOfficeReplyOpensNothing) {
  v1::RecordInteractionRequest away = Asks("away");
  away.mutable_interaction()->set_automated(true);
  Say(away);
  EXPECT_THAT(Open(), IsEmpty());
  v1::RecordInteractionRequest call = Missed("robot");
  call.mutable_interaction()->set_automated(true);
  Say(call);
  EXPECT_THAT(Open(), IsEmpty());
}

TEST_F(ActionsTest, AReopenedThreadHasANewAction) {
  const std::string thread = ThreadOf(Asks("q"));
  const std::string first = Open()[0].action_id();
  Resolve(thread);
  EXPECT_THAT(Open(), IsEmpty());
  v1::RecordInteractionRequest again = Asks("again", 800);
  again.mutable_interaction()->set_thread_id(thread);
  harness_.clock().Advance(absl::Hours(12));
  Say(again);
  ASSERT_THAT(Open(), SizeIs(1));
  EXPECT_NE(Open()[0].action_id(), first);
  EXPECT_EQ(Open()[0].reason().code(), "REOPENED");
}

TEST_F(ActionsTest, ACorrectionThatTakesTheQuestionAwayEndsTheReply) {
  Say(Revision(1, v1::OUTCOME_UNSPECIFIED, Asks("q")));
  ASSERT_THAT(Kinds(), ElementsAre(ACTION_KIND_REPLY));
  v1::RecordInteractionRequest bounce =
      Revision(2, v1::OUTCOME_UNSPECIFIED, Asks("q"));
  bounce.mutable_interaction()->set_automated(true);
  Say(bounce);
  EXPECT_THAT(Open(), IsEmpty());
  Say(Revision(3, v1::OUTCOME_UNSPECIFIED, Asks("q")));
  EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_REPLY));
}

TEST_F(ActionsTest, TheThirdProblemOfATopicIsToBeSolved) {
  for (const char* id : {"1", "2"}) {
    const std::string thread =
        ThreadOf(About("delivery", v1::THREAD_KIND_PROBLEM, Asks(id)));
    EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_REPLY)) << id;
    Resolve(thread);
  }
  Say(About("delivery", v1::THREAD_KIND_PROBLEM, Asks("3")));
  ASSERT_THAT(Kinds(), ElementsAre(ACTION_KIND_SOLVE));
  EXPECT_EQ(Open()[0].reason().text(),
            "Has a problem about delivery for the third time");
}

TEST_F(ActionsTest, AProblemPastItsDueTimeIsToBeSolved) {
  const std::string id =
      ThreadOf(About("delivery", v1::THREAD_KIND_PROBLEM, Asks("q")));
  v1::Thread thread;
  thread.set_thread_id(id);
  *thread.mutable_due_time() = base::ToProto(Now() + absl::Hours(1));
  ASSERT_THAT(Update(thread, {"due_time"}), IsOk());
  ASSERT_THAT(Kinds(), ElementsAre(ACTION_KIND_REPLY));
  EXPECT_EQ(base::FromProto(Open()[0].due_time()), Now() + absl::Hours(1));
  harness_.clock().Advance(absl::Hours(2));
  ASSERT_THAT(Kinds(), ElementsAre(ACTION_KIND_SOLVE));
  EXPECT_EQ(Open()[0].reason().code(), "PROBLEM_OVERDUE");
}

TEST_F(ActionsTest, MissedCallsOpenOneCallBackAndAnAnsweredCallEndsIt) {
  Say(Missed("1", 10));
  Say(Missed("2", 20));
  ASSERT_THAT(Kinds(), ElementsAre(ACTION_KIND_CALL_BACK));
  const v1::Action call_back = Open()[0];
  EXPECT_EQ(call_back.reason().parameters().at("count"), "2");
  EXPECT_THAT(call_back.reason().text(), HasSubstr("Called twice"));
  EXPECT_EQ(base::FromProto(call_back.opened_time()),
            Noon() + absl::Minutes(10));
  EXPECT_EQ(base::FromProto(call_back.due_time()), Noon() + absl::Minutes(70));
  // A call of ours that nobody has answered is no answer.
  Say(Call(v1::DIRECTION_OUTBOUND, v1::OUTCOME_MISSED, "out", 30));
  ASSERT_THAT(Kinds(), ElementsAre(ACTION_KIND_CALL_BACK));
  Say(CalledBack("back", 40));
  EXPECT_THAT(Open(), IsEmpty());
}

TEST_F(ActionsTest, ACallThatComesLateIsAnsweredByWhatCameAfterIt) {
  Say(CalledBack("back", 40));
  Say(Missed("late", 10));
  EXPECT_THAT(Open(), IsEmpty());
  Say(Missed("later", 50));
  ASSERT_THAT(Kinds(), ElementsAre(ACTION_KIND_CALL_BACK));
  EXPECT_EQ(Open()[0].reason().parameters().at("count"), "1");
}

TEST_F(ActionsTest, AnAnswerInBetweenLeavesTheLaterCalls) {
  Say(Missed("1", 10));
  Say(Missed("3", 30));
  Say(CalledBack("2", 20));
  ASSERT_THAT(Open(), SizeIs(1));
  EXPECT_EQ(base::FromProto(Open()[0].opened_time()),
            Noon() + absl::Minutes(30));
  EXPECT_EQ(Open()[0].reason().parameters().at("count"), "1");
}

TEST_F(ActionsTest, ACorrectedCallOpensAndEndsAsIfItHadAlwaysBeenSo) {
  const auto ringing =
      Call(v1::DIRECTION_INBOUND, v1::OUTCOME_UNSPECIFIED, "call", 10);
  Say(Revision(1, v1::OUTCOME_UNSPECIFIED, ringing));
  EXPECT_THAT(Open(), IsEmpty());
  Say(Revision(2, v1::OUTCOME_MISSED, ringing));
  EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_CALL_BACK));
  Say(Revision(3, v1::OUTCOME_VOICEMAIL, ringing));
  ASSERT_THAT(Open(), SizeIs(1));
  EXPECT_EQ(Open()[0].reason().code(), "VOICEMAIL");
  Say(Revision(4, v1::OUTCOME_ANSWERED, ringing));
  EXPECT_THAT(Open(), IsEmpty());
}

TEST_F(ActionsTest, AnAnswerThatWasNoneLeavesTheCallOpenAgain) {
  Say(Missed("call", 10));
  const auto back = CalledBack("back", 20);
  Say(Revision(1, v1::OUTCOME_ANSWERED, back));
  EXPECT_THAT(Open(), IsEmpty());
  Say(Revision(2, v1::OUTCOME_MISSED, back));
  ASSERT_THAT(Kinds(), ElementsAre(ACTION_KIND_CALL_BACK));
  EXPECT_EQ(base::FromProto(Open()[0].opened_time()),
            Noon() + absl::Minutes(10));
}

TEST_F(ActionsTest, AnAnswerOfTheSameInstantStaysTheAnswer) {
  Say(CalledBack("1", 10));
  harness_.clock().Advance(absl::Seconds(1));
  Say(Missed("call", 10));
  const auto back = CalledBack("2", 20);
  Say(Revision(1, v1::OUTCOME_ANSWERED, back));
  Say(Revision(2, v1::OUTCOME_MISSED, back));
  EXPECT_THAT(Open(), IsEmpty());
}

// Who called before that has called again, or wants no answer any more.
TEST_F(ActionsTest, AnAnswerThatWasNoneAsksForTheCallsOfAWeek) {
  constexpr int kMinutesOfWeek = 7 * 24 * 60;
  Say(Missed("too old", 19 - kMinutesOfWeek));
  Say(Missed("oldest", 20 - kMinutesOfWeek));
  Say(Missed("last", 20));
  ASSERT_THAT(Open(), SizeIs(1));
  EXPECT_EQ(Open()[0].reason().parameters().at("count"), "3");
  const auto back = CalledBack("back", 20);
  Say(Revision(1, v1::OUTCOME_ANSWERED, back));
  EXPECT_THAT(Open(), IsEmpty());
  Say(Revision(2, v1::OUTCOME_MISSED, back));
  ASSERT_THAT(Kinds(), ElementsAre(ACTION_KIND_CALL_BACK));
  EXPECT_EQ(base::FromProto(Open()[0].opened_time()),
            Noon() + absl::Minutes(20 - kMinutesOfWeek));
  EXPECT_EQ(Open()[0].reason().parameters().at("count"), "2");
}

TEST_F(ActionsTest, ALeadIsAnsweredByAnyWordOfOurs) {
  v1::RecordInteractionRequest lead = Lead("lead");
  lead.mutable_interaction()->set_topic("solar");
  Say(lead);
  ASSERT_THAT(Kinds(), ElementsAre(ACTION_KIND_FIRST_CONTACT));
  EXPECT_EQ(Open()[0].queue(), "sales");
  EXPECT_THAT(Open()[0].reason().text(), HasSubstr("in solar"));
  // Advertising is no answer.
  v1::RecordInteractionRequest letter = Answers("newsletter", 5);
  letter.mutable_interaction()->set_purpose(v1::PURPOSE_MARKETING);
  Say(letter);
  ASSERT_THAT(Kinds(), ElementsAre(ACTION_KIND_FIRST_CONTACT));
  Say(Answers("answer", 10));
  EXPECT_THAT(Open(), IsEmpty());
}

TEST_F(ActionsTest, WhatOneBatchAsksAndAnswersLeavesNothingOpen) {
  ASSERT_THAT(BatchRecord({Asks("q"), Answers("a", 1), Missed("m", 2),
                           CalledBack("b", 3), Asks("q2", 4)}),
              IsOk());
  EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_REPLY));
}

TEST_F(ActionsTest, MailsThatComeTooFastAreToBeReviewed) {
  const std::string thread = ThreadOf(Replying("<0@a>", {}, Asks("0")));
  for (int i = 1; i <= 4; ++i) {
    Resolve(thread);
    Say(Replying(absl::StrCat("<", i, "@a>"), {"<0@a>"},
                 Asks(absl::StrCat(i), i)));
  }
  EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_REVIEW));
  EXPECT_EQ(Open()[0].reason().code(), "MAILS_HELD");
  EXPECT_EQ(Open()[0].review_cause(), v1::REVIEW_CAUSE_MAILS_HELD);
  EXPECT_EQ(Open()[0].queue(), "review");
}

TEST_F(ActionsTest, AnActionByHandIsThereOncePerCause) {
  const auto review = CreateAction(ACTION_KIND_REVIEW, "May be Bob", "same:b");
  ASSERT_THAT(review, IsOk());
  EXPECT_EQ(review->reason().text(), "May be Bob");
  const auto again = CreateAction(ACTION_KIND_REVIEW, "May be Bob", "same:b");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->action_id(), review->action_id());
  const auto other = CreateAction(ACTION_KIND_REVIEW, "May be Cy", "same:c");
  ASSERT_THAT(other, IsOk());
  EXPECT_NE(other->action_id(), review->action_id());
  const auto first = CreateAction(ACTION_KIND_FOLLOW_UP, "Call", "", "r-1");
  const auto second = CreateAction(ACTION_KIND_FOLLOW_UP, "Call", "", "r-1");
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->action_id(), second->action_id());
  EXPECT_THAT(Kinds(),
              UnorderedElementsAre(ACTION_KIND_REVIEW, ACTION_KIND_REVIEW,
                                   ACTION_KIND_FOLLOW_UP));
}

TEST_F(ActionsTest, AContactHasNoMoreThan500OpenActions) {
  std::vector<v1::RecordInteractionRequest> requests;
  for (int i = 0; i < 500; ++i) {
    requests.push_back(Asks(absl::StrCat("q", i), i));
    requests.back().mutable_interaction()->clear_identity_key();
  }
  ASSERT_THAT(BatchRecord(requests), IsOk());
  EXPECT_THAT(CreateAction(ACTION_KIND_FOLLOW_UP, "One more"),
              StatusIs(StatusCode::kFailedPrecondition, "500 open actions"));
  Say(Missed("m", 0, kBob));
  v1::CompleteActionsRequest done;
  v1::Action& next = *done.add_next();
  next.set_contact_id(kAda);
  next.set_kind(ACTION_KIND_FOLLOW_UP);
  next.mutable_reason()->set_text("One more");
  const auto refused = Complete(done, Open(kBob));
  EXPECT_THAT(refused, StatusIs(StatusCode::kFailedPrecondition,
                                "next[0].contact_id: the contact has 500"));
  const auto info =
      status::FindDetail<google::rpc::ErrorInfo>(refused.status());
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->reason(), "TOO_MANY_ACTIONS");
  // What a person says is kept, and a REVIEW tells that there is more.
  v1::RecordInteractionRequest more = Asks("more", 501);
  more.mutable_interaction()->clear_identity_key();
  ASSERT_NE(ThreadOf(more), "");
  const auto page = List({kAda}, false, 500);
  EXPECT_NE(page.next_page_token(), "");
  const auto last = List({kAda}, false, 500, page.next_page_token());
  EXPECT_EQ(page.actions_size() + last.actions_size(), 501);
}

TEST_F(ActionsTest, WhatHadNoRoomIsOpenedOnceThereIsRoom) {
  std::vector<v1::Action> planned;
  for (int i = 0; i < 500; ++i) {
    const auto created = CreateAction(ACTION_KIND_FOLLOW_UP, "x");
    ASSERT_THAT(created, IsOk());
    planned.push_back(*created);
  }
  Say(Asks("q"));
  Say(Missed("call", 1));
  EXPECT_EQ(Rows("actions"), 501);
  planned.resize(3);
  ASSERT_THAT(Complete({}, planned), IsOk());
  // The REVIEW that told it has ended.
  const auto open = List({kAda}, false, 500).actions();
  EXPECT_THAT(open, Contains(IsOf(ACTION_KIND_REPLY)));
  EXPECT_THAT(open, Contains(IsOf(ACTION_KIND_CALL_BACK)));
  EXPECT_THAT(open, Not(Contains(IsOf(ACTION_KIND_REVIEW))));
  EXPECT_EQ(Rows("actions"), 499);
}

v1::CreateActionRequest ReviewOf(v1::ReviewCause cause,
                                 const std::string& other_id = "",
                                 const std::string& identity_key = "") {
  v1::CreateActionRequest request;
  request.mutable_action()->set_contact_id(kAda);
  request.mutable_action()->set_kind(ACTION_KIND_REVIEW);
  request.mutable_action()->mutable_reason()->set_text("Look");
  request.mutable_review()->set_review_cause(cause);
  request.mutable_review()->set_other_contact_id(other_id);
  request.mutable_review()->set_identity_key(identity_key);
  return request;
}

TEST_F(ActionsTest, AReviewSaysWhatItIsAbout) {
  const std::string key(32, 'a');
  v1::CreateActionRequest request =
      ReviewOf(v1::REVIEW_CAUSE_AMBIGUOUS_CALLER, absl::AsciiStrToUpper(kBob));
  ASSERT_THAT(harness_.Call(&Stub::CreateAction, request), IsOk());
  EXPECT_EQ(Open().back().review_cause(), v1::REVIEW_CAUSE_AMBIGUOUS_CALLER);
  EXPECT_EQ(Open().back().other_contact_id(), kBob);
  for (const auto cause :
       {v1::REVIEW_CAUSE_SHARED_VALUE, v1::REVIEW_CAUSE_QUARANTINED_VALUE}) {
    const auto made =
        harness_.Call(&Stub::CreateAction, ReviewOf(cause, "", key));
    ASSERT_THAT(made, IsOk());
    EXPECT_EQ(made->review_cause(), cause);
    EXPECT_EQ(made->identity_key(), key);
  }
}

// A caller of the gateway can say nothing in the name of a flow.
TEST_F(ActionsTest, WhatAnActionClaimsToBeAboutIsNotStored) {
  v1::CreateActionRequest request = ReviewOf(v1::REVIEW_CAUSE_UNSPECIFIED);
  request.clear_review();
  v1::Action& action = *request.mutable_action();
  action.set_review_cause(v1::REVIEW_CAUSE_CONTACT_DELETED);
  action.set_other_contact_id(kBob);
  action.set_identity_key(std::string(32, 'a'));
  const auto made = harness_.Call(&Stub::CreateAction, request);
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->review_cause(), v1::REVIEW_CAUSE_UNSPECIFIED);
  EXPECT_EQ(made->other_contact_id(), "");
  EXPECT_EQ(made->identity_key(), "");
}

TEST_F(ActionsTest, WhatAReviewIsAboutIsGivenAsItsCauseWantsIt) {
  const std::string key(32, 'a');
  v1::CreateActionRequest follow_up = ReviewOf(v1::REVIEW_CAUSE_OPT_OUT_ASKED);
  follow_up.mutable_action()->set_kind(ACTION_KIND_FOLLOW_UP);
  const std::vector<std::pair<v1::CreateActionRequest, std::string>> bad = {
      {follow_up, "review: "},
      {ReviewOf(v1::REVIEW_CAUSE_UNSPECIFIED), "review.review_cause"},
      {ReviewOf(v1::REVIEW_CAUSE_SKIPPED), "review.review_cause"},
      {ReviewOf(v1::REVIEW_CAUSE_AMBIGUOUS_CALLER), "review.other_contact_id"},
      {ReviewOf(v1::REVIEW_CAUSE_AMBIGUOUS_CALLER, "x"),
       "review.other_contact_id"},
      {ReviewOf(v1::REVIEW_CAUSE_CONTACT_DELETED, kBob),
       "review.other_contact_id"},
      {ReviewOf(v1::REVIEW_CAUSE_SHARED_VALUE), "review.identity_key"},
      {ReviewOf(v1::REVIEW_CAUSE_SHARED_VALUE, "", "x"), "review.identity_key"},
      {ReviewOf(v1::REVIEW_CAUSE_OPT_OUT_ASKED, "", key),
       "review.identity_key"}};
  for (const auto& [request, fault] : bad) {
    EXPECT_THAT(harness_.Call(&Stub::CreateAction, request),
                StatusIs(StatusCode::kInvalidArgument, fault));
  }
  EXPECT_THAT(Open(), IsEmpty());
}

TEST_F(ActionsTest, BadActionsAreRefusedWithWhatIsWanted) {
  EXPECT_THAT(CreateAction(ACTION_KIND_REPLY, "x"),
              StatusIs(StatusCode::kInvalidArgument, "FOLLOW_UP or REVIEW"));
  EXPECT_THAT(CreateAction(ACTION_KIND_FOLLOW_UP, ""),
              StatusIs(StatusCode::kInvalidArgument, "action.reason.text"));
  v1::CreateActionRequest request;
  v1::Action& action = *request.mutable_action();
  action.set_contact_id(kAda);
  action.set_kind(ACTION_KIND_FOLLOW_UP);
  action.mutable_reason()->set_text("Call");
  action.set_thread_id(kBob);
  EXPECT_THAT(harness_.Call(&Stub::CreateAction, request),
              StatusIs(StatusCode::kNotFound, "action.thread_id"));
  action.clear_thread_id();
  action.set_queue("@sam");
  EXPECT_THAT(harness_.Call(&Stub::CreateAction, request),
              StatusIs(StatusCode::kInvalidArgument, "action.queue"));
}

TEST_F(ActionsTest, TheViewHasTheActionsOfAllMembers) {
  Say(Asks("q", 10));
  Say(Missed("m", 0, kBob));
  const auto activity = Activity({kAda, kBob});
  ASSERT_THAT(activity.actions(), SizeIs(2));
  EXPECT_EQ(activity.actions(0).contact_id(), kBob);
  EXPECT_EQ(activity.actions(1).contact_id(), kAda);
  EXPECT_FALSE(activity.more_actions());
}

TEST_F(ActionsTest, ListsArePaged) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_THAT(CreateAction(ACTION_KIND_FOLLOW_UP, absl::StrCat(i)), IsOk());
    harness_.clock().Advance(absl::Minutes(1));
  }
  const auto texts = [&](bool ended) {
    std::vector<std::string> all;
    std::string token;
    do {
      const auto page = List({kAda}, ended, 2, token);
      for (const v1::Action& action : page.actions()) {
        all.push_back(action.reason().text());
      }
      token = page.next_page_token();
    } while (!token.empty());
    return all;
  };
  EXPECT_THAT(texts(false), ElementsAre("0", "1", "2", "3", "4"));
  for (const v1::Action& action : Open()) {
    ASSERT_THAT(Complete({}, {action}), IsOk());
    harness_.clock().Advance(absl::Minutes(1));
  }
  EXPECT_THAT(texts(true), ElementsAre("4", "3", "2", "1", "0"));
}

TEST_F(ActionsTest, AnotherTenantSeesNothing) {
  Say(Asks("q"));
  const v1::Action reply = Open()[0];
  EXPECT_THAT(List({kAda}, false, 0, "", testing::kOther).actions(), IsEmpty());
  EXPECT_THAT(Complete({}, {reply}, testing::kOther),
              StatusIs(StatusCode::kNotFound, "has no action"));
  const auto next = Next("sam", 10, {"service"}, testing::kOther);
  ASSERT_THAT(next, IsOk());
  EXPECT_THAT(next->contacts(), IsEmpty());
}

// evidence A.3 12 and 13.
TEST_F(ActionsTest, AWordOfTheCustomerWakesWhatIsSnoozedAndThanksDoesNot) {
  const auto planned = CreateAction(ACTION_KIND_FOLLOW_UP, "Ask again");
  ASSERT_THAT(planned, IsOk());
  ASSERT_THAT(Snooze(*planned, Now() + absl::Hours(48)), IsOk());
  EXPECT_EQ(Open()[0].state(), v1::ACTION_STATE_SNOOZED);
  v1::RecordInteractionRequest thanks = Asks("thanks", 1);
  thanks.mutable_interaction()->set_closing(true);
  thanks.mutable_interaction()->set_purpose(v1::PURPOSE_UNSPECIFIED);
  Say(thanks);
  EXPECT_EQ(Open()[0].state(), v1::ACTION_STATE_SNOOZED);
  v1::RecordInteractionRequest word = Asks("word", 2);
  word.mutable_interaction()->set_purpose(v1::PURPOSE_UNSPECIFIED);
  Say(word);
  ASSERT_THAT(Open(), SizeIs(1));
  EXPECT_EQ(Open()[0].state(), v1::ACTION_STATE_OPEN);
  EXPECT_EQ(base::FromProto(Open()[0].snooze_until_time()),
            Now() + absl::Hours(48));
}

TEST_F(ActionsTest, ACallBackThatWasEndedByHandIsNotOpenedByACorrection) {
  const auto call = Missed("call", 10);
  Say(Revision(1, v1::OUTCOME_MISSED, call));
  ASSERT_THAT(Complete({}, Open()), IsOk());
  EXPECT_THAT(Open(), IsEmpty());
  Say(Revision(2, v1::OUTCOME_MISSED, call));
  Say(Revision(3, v1::OUTCOME_VOICEMAIL, call));
  EXPECT_THAT(Open(), IsEmpty());
  harness_.clock().Advance(absl::Hours(1));
  const auto back = CalledBack("back", 20);
  Say(Revision(1, v1::OUTCOME_ANSWERED, back));
  Say(Revision(2, v1::OUTCOME_MISSED, back));
  EXPECT_THAT(Open(), IsEmpty());
  Say(Missed("another", 30));
  EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_CALL_BACK));
}

}  // namespace
}  // namespace kith::interactions
