// What other systems have got wrong, by name: docs/pitfalls.md lists them all,
// with the tests of those that stand elsewhere.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/outbox_rows.h"
#include "gmock/gmock.h"
#include "interactions-svc/actions_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using config::v1::ACTION_KIND_CALL_BACK;
using config::v1::ACTION_KIND_FOLLOW_UP;
using config::v1::ACTION_KIND_REPLY;
using config::v1::ACTION_KIND_REVIEW;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::kith::testing::ToldOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr int kMidnight = 60 * 12;  // now, in minutes after Noon

class PitfallsTest : public ActionsFixture {
 protected:
  static v1::RecordInteractionRequest Automated(
      v1::RecordInteractionRequest request) {
    request.mutable_interaction()->set_automated(true);
    return request;
  }

  static v1::RecordInteractionRequest Newsletter(absl::string_view external_id,
                                                 int minute) {
    v1::RecordInteractionRequest request = Answers(external_id, minute);
    request.mutable_interaction()->set_purpose(v1::PURPOSE_MARKETING);
    return request;
  }

  static v1::CompleteActionsRequest Answering(absl::string_view external_id) {
    v1::CompleteActionsRequest request;
    *request.mutable_interaction() =
        Answers(external_id, kMidnight).interaction();
    return request;
  }

  // Records it, and returns its id.
  std::string IdOf(const v1::RecordInteractionRequest& request) {
    const auto recorded = Record(request);
    EXPECT_THAT(recorded, IsOk());
    return recorded.ok() ? recorded->interaction().interaction_id() : "";
  }

  // Of the thread that it names, and of no other.
  static v1::RecordInteractionRequest Named(
      const std::string& thread_id, v1::RecordInteractionRequest request) {
    request.mutable_interaction()->clear_identity_key();
    request.mutable_interaction()->set_thread_id(thread_id);
    return request;
  }

  void ExpectWaitsSince(const std::string& thread_id, int minute) {
    EXPECT_EQ(Thread(thread_id).state(), kOpen);
    EXPECT_EQ(base::FromProto(Thread(thread_id).first_unanswered_time()),
              Noon() + absl::Minutes(minute));
  }
};

// 2: a lock is freed by its former holder.
TEST_F(PitfallsTest, WhoIsLateFreesNobodyElsesLease) {
  const auto first = CreateAction(ACTION_KIND_FOLLOW_UP, "Ask for the bill");
  const auto second = CreateAction(ACTION_KIND_FOLLOW_UP, "Ask again");
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
  harness_.clock().Advance(absl::Minutes(5));
  EXPECT_THAT(Given("eve"), ElementsAre(kAda));
  // Sam's work counts, and the contact stays Eve's.
  EXPECT_THAT(Complete({}, {*first}), IsOk());
  ASSERT_THAT(Snooze(*second, Now() + absl::Minutes(1)), IsOk());
  harness_.clock().Advance(absl::Minutes(2));
  EXPECT_EQ(GiveBack("sam", kAda), 0);
  EXPECT_EQ(Open()[0].lease().agent(), "eve");
  EXPECT_THAT(Given("joe"), IsEmpty());
}

// 3: the key of what has failed is taken, and its retry is swallowed.
TEST_F(PitfallsTest, WhatWasRefusedIsNotTakenForDone) {
  Say(Asks("q"));
  const std::vector<v1::Action> reply = Open();
  v1::CompleteActionsRequest request;
  request.set_request_id("r-1");
  v1::Action& next = *request.add_next();
  next.set_contact_id(kAda);
  next.set_kind(ACTION_KIND_FOLLOW_UP);
  next.mutable_reason()->set_text("Ask whether it arrived");
  EXPECT_THAT(Complete(request, reply),
              StatusIs(StatusCode::kFailedPrecondition, "still waits"));
  EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_REPLY));
  Say(Answers("a", 5));
  EXPECT_THAT(Complete(request, reply), IsOk());
  EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_FOLLOW_UP));
}

// 10: what a machine says ends nobody's wait, by mail or by phone.
TEST_F(PitfallsTest, WhatAMachineSaysIsNoAnswer) {
  const std::string thread = ThreadOf(Asks("q"));
  Say(Missed("m", 1));
  Say(Automated(Answers("received", 2)));
  Say(Automated(CalledBack("robot", 3)));
  ExpectWaitsSince(thread, 0);
  EXPECT_THAT(Kinds(),
              UnorderedElementsAre(ACTION_KIND_REPLY, ACTION_KIND_CALL_BACK));
}

// 10: the wait is that of words which are in another thread by now.
TEST_F(PitfallsTest, AThreadWaitsSinceTheWordsThatItHas) {
  const std::string id = ThreadOf(Asks("q1"));
  const std::string first = IdOf(Asks("q1"));
  Say(Asks("q2", 10));
  harness_.clock().Advance(absl::Minutes(1));
  ASSERT_THAT(SetState(id, kOpen), IsOk());
  ExpectWaitsSince(id, 0);
  const std::string made = Split(id, {first})->split_thread().thread_id();
  ExpectWaitsSince(id, 10);
  ExpectWaitsSince(made, 0);
  ASSERT_THAT(UndoSplit(made), IsOk());
  ExpectWaitsSince(id, 0);
  const std::string again = Split(id, {first})->split_thread().thread_id();
  ASSERT_THAT(Join(id, again), IsOk());
  ExpectWaitsSince(id, 0);
  EXPECT_EQ(base::FromProto(Open()[0].opened_time()), Noon());
  // It was a machine after all.
  auto corrected = Automated(Asks("q1"));
  corrected.mutable_interaction()->set_source_revision(1);
  Say(corrected);
  ExpectWaitsSince(id, 10);
}

// 11: time closes who waits, what is snoozed, or opens a case by a farewell.
TEST_F(PitfallsTest, NothingIsResolvedByTime) {
  const std::string open = ThreadOf(Asks("q"));
  const std::string waiting = ThreadOf(Asks("r", 0, kBob));
  Say(Answers("a", 1, kBob));
  ASSERT_THAT(Snooze(Open()[0], Now() + absl::Hours(24 * 300)), IsOk());
  const auto told = ToldOf(harness_.database(), kAda);
  harness_.clock().Advance(absl::Hours(24 * 366));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
  EXPECT_EQ(GiveBack("sam", kAda), 1);
  EXPECT_EQ(Thread(open).state(), kOpen);
  EXPECT_EQ(Thread(waiting).state(), kWaiting);
  EXPECT_EQ(Rows("interactions"), 3);
  EXPECT_EQ(Rows("ended_actions"), 1);
  // The lease, and its end.
  EXPECT_EQ(ToldOf(harness_.database(), kAda).size(), told.size() + 2);
}

// 12: what is no word of the customer wakes what is snoozed.
TEST_F(PitfallsTest, ASnoozeIsEndedByTheCustomerAlone) {
  Say(Missed("m"));
  ASSERT_THAT(Snooze(Open()[0], Now() + absl::Hours(48)), IsOk());
  Say(Automated(Asks("away", 1)));
  Say(Newsletter("news", 2));
  Say(Answers("a", 3));
  EXPECT_EQ(Open()[0].state(), v1::ACTION_STATE_SNOOZED);
  // Who calls again is not kept waiting, though nobody has answered.
  Say(Missed("m2", 4));
  EXPECT_EQ(Open()[0].state(), v1::ACTION_STATE_OPEN);
  EXPECT_EQ(base::FromProto(Open()[0].snooze_until_time()),
            Now() + absl::Hours(48));
}

// 13: the end of a snooze says the last thing once more.
TEST_F(PitfallsTest, TheEndOfASnoozeHasNoEffectOutside) {
  Say(Asks("q"));
  ASSERT_THAT(Snooze(Open()[0], Now() + absl::Hours(1)), IsOk());
  const auto told = ToldOf(harness_.database(), kAda);
  harness_.clock().Advance(absl::Hours(2));
  EXPECT_EQ(Open()[0].state(), v1::ACTION_STATE_OPEN);
  EXPECT_EQ(ToldOf(harness_.database(), kAda), told);
  EXPECT_EQ(Rows("interactions"), 1);
}

// 14: a case comes back to somebody who is not there.
TEST_F(PitfallsTest, AReopenedCaseDoesNotWaitForWhoIsOffShift) {
  const std::string id = ThreadOf(Replying("<1@a>", {}, Asks("q")));
  v1::Thread thread;
  thread.set_thread_id(id);
  thread.set_assignee("eve");
  ASSERT_THAT(Update(thread, {"assignee"}), IsOk());
  Resolve(id);
  Say(Replying("<2@a>", {"<1@a>"}, Asks("again", kMidnight)));
  ASSERT_EQ(Thread(id).reopen_count(), 1);
  EXPECT_EQ(Open()[0].assignee(), "eve");
  EXPECT_THAT(Given("sam"), IsEmpty());
  // Due after four hours, and Eve may have one more.
  harness_.clock().Advance(absl::Hours(5));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
}

// 15: what came while nobody was there is never given out.
TEST_F(PitfallsTest, WhatCameWhileNobodyWasThereIsGivenOut) {
  Say(Asks("q"));
  Say(Lead("lead", 1, kBob));
  harness_.clock().Advance(absl::Hours(24 * 4));
  EXPECT_THAT(Given("sam", 2), UnorderedElementsAre(kAda, kBob));
}

// 17 and 18: what keeps two from answering keeps one from it.
TEST_F(PitfallsTest, NeitherALeaseNorAnEtagIsNeededToAnswer) {
  const std::string id = ThreadOf(Asks("q"));
  EXPECT_THAT(Given("eve"), ElementsAre(kAda));
  Say(Asks("r", 5));
  EXPECT_THAT(Complete(Answering("a"), Open()), IsOk());
  EXPECT_THAT(Open(), IsEmpty());
  EXPECT_EQ(Thread(id).state(), kWaiting);
}

// 19: the next is given out, but who was declined is so for good; or it is
// offered again at once by what does not concern it.
TEST_F(PitfallsTest, WhatIsNoWordEndsNoSkip) {
  Say(Asks("q"));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
  EXPECT_EQ(GiveBack("sam", kAda, "unclear"), 1);
  Say(Automated(Asks("away", 1)));
  Say(Newsletter("news", 2));
  Say(At(Noon() + absl::Minutes(3), Reported(v1::KIND_PURCHASE, "order")));
  EXPECT_THAT(Given("sam"), IsEmpty());
  // It is no word, and asks for a call.
  Say(Missed("m", 4));
  EXPECT_THAT(Given("sam"), ElementsAre(kAda));
}

TEST_F(PitfallsTest, WhatIsNoWordHidesNotThatNobodyWantsThem) {
  Say(Asks("q"));
  for (const char* agent : {"sam", "eve", "joe"}) {
    EXPECT_THAT(Given(agent), ElementsAre(kAda));
    EXPECT_EQ(GiveBack(agent, kAda, "unclear"), 1);
    Say(Newsletter(absl::StrCat("news-", agent), 1));
  }
  EXPECT_THAT(Kinds(), Contains(ACTION_KIND_REVIEW));
}

// 20: who goes away keeps what was given to them.
TEST_F(PitfallsTest, WhoGoesAwayKeepsNobody) {
  Say(Asks("q"));
  Say(Missed("m", 1, kBob));
  EXPECT_THAT(Given("sam", 2), UnorderedElementsAre(kAda, kBob));
  harness_.clock().Advance(absl::Minutes(5));
  EXPECT_THAT(Given("eve", 2), UnorderedElementsAre(kAda, kBob));
}

// 24: a slip resolves the case, and the text is gone.
TEST_F(PitfallsTest, NothingIsResolvedByASlip) {
  const std::string id = ThreadOf(Asks("q"));
  EXPECT_THAT(SetState(id, kResolved),
              StatusIs(StatusCode::kInvalidArgument, "resolution"));
  v1::CompleteActionsRequest request = Answering("a");
  v1::ThreadStateChange& change = *request.add_threads();
  change.set_contact_id(kAda);
  change.set_thread_id(id);
  change.set_state(kResolved);
  EXPECT_THAT(Complete(request, Open()),
              StatusIs(StatusCode::kInvalidArgument, "resolution"));
  EXPECT_EQ(Thread(id).state(), kOpen);
  EXPECT_EQ(Rows("interactions"), 1);
}

// 25: what was planned is gone with the answer.
TEST_F(PitfallsTest, AnAnswerEndsNoFollowUp) {
  const std::string id = ThreadOf(Asks("q"));
  ASSERT_THAT(CreateAction(ACTION_KIND_FOLLOW_UP, "Ask again"), IsOk());
  std::vector<v1::Action> reply;
  for (const v1::Action& action : Open()) {
    if (action.thread_id() == id) reply.push_back(action);
  }
  ASSERT_THAT(Complete(Answering("a"), reply), IsOk());
  EXPECT_THAT(Kinds(), ElementsAre(ACTION_KIND_FOLLOW_UP));
  EXPECT_EQ(Open()[0].reason().text(), "Ask again");
}

// 9: a reply goes to another matter, here after an undo.
TEST_F(PitfallsTest, AMessageWhoseIdIsCorrectedComesBackWithASplit) {
  const std::string id = ThreadOf(Replying("<1@a>", {}, Asks("q1")));
  const std::string first = IdOf(Replying("<1@a>", {}, Asks("q1")));
  Say(Named(id, Asks("q2", 1)));
  const std::string made = Split(id, {first})->split_thread().thread_id();
  auto corrected = Replying("<2@a>", {}, Asks("q1"));
  corrected.mutable_interaction()->set_source_revision(1);
  ASSERT_EQ(ThreadOf(corrected), made);
  // So that the thread is there after the undo.
  ASSERT_EQ(ThreadOf(Named(made, Asks("q3", 2))), made);
  ASSERT_THAT(UndoSplit(made), IsOk());
  int minute = 3;
  for (const char* message : {"<1@a>", "<2@a>"}) {
    EXPECT_EQ(ThreadOf(Named(
                  "", Replying("", {message}, Answers(message, minute++)))),
              id);
  }
}

TEST_F(PitfallsTest, ACorrectedIdComesBackThoughTheFormerLedElsewhere) {
  // The same message in two threads: replies to it go to the first.
  Say(Replying("<1@a>", {}, Asks("q1")));
  const std::string other = Create("bill")->thread_id();
  const std::string copy =
      IdOf(Named(other, Replying("<1@a>", {}, Asks("q2"))));
  Say(Named(other, Asks("q3", 1)));
  const std::string made = Split(other, {copy})->split_thread().thread_id();
  auto corrected = Named(other, Replying("<2@a>", {}, Asks("q2")));
  corrected.mutable_interaction()->set_source_revision(1);
  ASSERT_EQ(ThreadOf(corrected), made);
  // So that the thread is there after the undo.
  ASSERT_EQ(ThreadOf(Named(made, Asks("q4", 2))), made);
  ASSERT_THAT(UndoSplit(made), IsOk());
  EXPECT_EQ(ThreadOf(Named("", Replying("<3@k>", {"<2@a>"}, Answers("a", 3)))),
            other);
}

}  // namespace
}  // namespace kith::interactions
