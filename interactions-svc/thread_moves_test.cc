// Threads that are split and joined, and how that is taken back. The rules
// themselves are tested in threads/.

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/outbox_rows.h"
#include "gmock/gmock.h"
#include "interactions-svc/threads_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::kith::testing::ToldOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ThreadMovesTest : public ThreadsFixture {
 protected:
  // Records it, and returns its id.
  std::string IdOf(const v1::RecordInteractionRequest& request) {
    const auto recorded = Record(request);
    EXPECT_THAT(recorded, IsOk());
    return recorded.ok() ? recorded->interaction().interaction_id() : "";
  }

  // The external ids of the thread's interactions, newest first.
  std::vector<std::string> Said(const std::string& thread_id) {
    return Said(thread_id, Get(thread_id));
  }

  static std::vector<std::string> Said(
      const std::string& thread_id,
      const absl::StatusOr<v1::GetThreadResponse>& got) {
    std::vector<std::string> ids;
    EXPECT_THAT(got, IsOk());
    if (!got.ok()) return ids;
    for (const auto& one : got->interactions()) {
      EXPECT_EQ(one.thread_id(), thread_id);
      ids.push_back(one.external_id());
    }
    return ids;
  }

  // A thread without what counts its changes.
  v1::Thread Unversioned(const std::string& thread_id) {
    v1::Thread thread = Thread(thread_id);
    thread.clear_etag();
    return thread;
  }

  void ExpectSame(const v1::Thread& a, const v1::Thread& b) {
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(a, b))
        << a.ShortDebugString() << "\nis not\n"
        << b.ShortDebugString();
  }

  // A word that is in no conversation and has no channel value, and so finds a
  // thread by what it answers alone.
  static v1::RecordInteractionRequest Alone(
      v1::RecordInteractionRequest request) {
    request.mutable_interaction()->clear_identity_key();
    return request;
  }
};

TEST_F(ThreadMovesTest, BothThreadsOfASplitAreAsIfTheyHadAlwaysBeenSo) {
  const auto asked = About("bill", v1::THREAD_KIND_PROBLEM, Asks("q1"));
  const std::string id = ThreadOf(asked);
  ASSERT_EQ(ThreadOf(Answers("a1", 1)), id);
  const std::string q2 = IdOf(Asks("q2", 2));
  const auto split = Split(id, {q2});
  ASSERT_THAT(split, IsOk());
  const std::string made = split->split_thread().thread_id();
  EXPECT_EQ(split->thread().thread_id(), id);
  EXPECT_EQ(split->thread().state(), kWaiting);
  EXPECT_FALSE(split->thread().has_first_unanswered_time());
  EXPECT_EQ(base::FromProto(split->thread().last_inbound_time()), Noon());
  EXPECT_EQ(split->split_thread().contact_id(), kAda);
  EXPECT_EQ(split->split_thread().split_from_thread_id(), id);
  EXPECT_EQ(split->split_thread().kind(), v1::THREAD_KIND_QUESTION);
  EXPECT_EQ(split->split_thread().state(), kOpen);
  EXPECT_EQ(base::FromProto(split->split_thread().opened_time()),
            Noon() + absl::Minutes(2));
  EXPECT_THAT(Said(id), ElementsAre("a1", "q1"));
  EXPECT_THAT(Said(made), ElementsAre("q2"));
  ExpectViewAsListed({kAda}, 20);
  EXPECT_THAT(Activity({kAda}).threads(), SizeIs(2));
  ExpectSame(Thread(made), split->split_thread());
}

TEST_F(ThreadMovesTest, ASplitFromOneOnTakesTheFieldsOfTheRequest) {
  const std::string id = ThreadOf(Asks("q1"));
  const std::string q2 = IdOf(Asks("q2", 1));
  ASSERT_EQ(ThreadOf(Asks("q3", 2)), id);
  v1::SplitThreadRequest request;
  request.set_thread_id(id);
  request.set_from_interaction_id(q2);
  request.set_kind(v1::THREAD_KIND_PROBLEM);
  request.set_topic("bill");
  request.set_subject("My bill");
  const auto split = harness_.Call(&Stub::SplitThread, request);
  ASSERT_THAT(split, IsOk());
  const v1::Thread& made = split->split_thread();
  EXPECT_THAT(Said(made.thread_id()), ElementsAre("q3", "q2"));
  EXPECT_EQ(made.kind(), v1::THREAD_KIND_PROBLEM);
  EXPECT_EQ(made.topic(), "bill");
  EXPECT_EQ(made.subject(), "My bill");
  ASSERT_THAT(Activity({kAda}).last_problems(), SizeIs(1));
  EXPECT_EQ(Activity({kAda}).last_problems(0).thread_id(), made.thread_id());
  ASSERT_THAT(UndoSplit(made.thread_id()), IsOk());
  EXPECT_THAT(Activity({kAda}).last_problems(), IsEmpty());
}

TEST_F(ThreadMovesTest, ReplyFollowsTheMessageThatItAnswers) {
  const std::string opener = IdOf(Replying("<1@a>", {}, Alone(Asks("q1"))));
  const std::string id =
      ThreadOf(Replying("<2@a>", {"<1@a>"}, Alone(Asks("q2", 1))));
  const auto split = Split(id, {opener});
  ASSERT_THAT(split, IsOk());
  const std::string made = split->split_thread().thread_id();
  EXPECT_EQ(ThreadOf(Replying("<3@k>", {"<1@a>"}, Alone(Answers("a1", 2)))),
            made);
  EXPECT_EQ(ThreadOf(Replying("<4@k>", {"<2@a>"}, Alone(Answers("a2", 3)))),
            id);
  // Others who have the message as well.
  EXPECT_EQ(Thread(ThreadOf(Replying("<5@b>", {"<1@a>"}, Asks("b1", 4, kBob))))
                .continues_thread_id(),
            made);
  ASSERT_THAT(UndoSplit(made), IsOk());
  EXPECT_EQ(ThreadOf(Replying("<6@k>", {"<1@a>"}, Alone(Answers("a3", 5)))),
            id);
  // What was recorded since stays.
  EXPECT_THAT(Said(made), ElementsAre("a1"));
  EXPECT_EQ(ThreadOf(Replying("<7@a>", {"<3@k>"}, Alone(Asks("q3", 6)))), made);
  EXPECT_EQ(Thread(made).joined_into_thread_id(), "");
}

v1::RecordInteractionRequest InChat(absl::string_view chat,
                                    v1::RecordInteractionRequest request) {
  request.mutable_interaction()->set_kind(v1::KIND_MESSAGE);
  request.mutable_interaction()->set_conversation_id(std::string(chat));
  request.mutable_interaction()->clear_identity_key();
  return request;
}

TEST_F(ThreadMovesTest, AConversationGoesWithItsNewestInteraction) {
  const std::string id = ThreadOf(InChat("c", Asks("1")));
  const std::string second = IdOf(InChat("c", Asks("2", 1)));
  const std::string third = IdOf(InChat("c", Asks("3", 2)));
  const std::string of_second = Split(id, {second})->split_thread().thread_id();
  EXPECT_EQ(ThreadOf(InChat("c", Asks("4", 3))), id);
  ASSERT_THAT(UndoSplit(of_second), IsOk());
  v1::SplitThreadRequest request;
  request.set_thread_id(id);
  request.set_from_interaction_id(third);
  const auto split = harness_.Call(&Stub::SplitThread, request);
  ASSERT_THAT(split, IsOk());
  const std::string made = split->split_thread().thread_id();
  EXPECT_THAT(Said(made), ElementsAre("4", "3"));
  EXPECT_EQ(ThreadOf(InChat("c", Answers("5", 4))), made);
  ASSERT_THAT(UndoSplit(made), IsOk());
  EXPECT_EQ(ThreadOf(InChat("c", Answers("6", 5))), id);
  EXPECT_THAT(Said(id), ElementsAre("6", "4", "3", "2", "1"));
}

TEST_F(ThreadMovesTest, AResolvedThreadIsSplitIntoResolvedOnes) {
  const std::string id = ThreadOf(Asks("q1"));
  const std::string q2 = IdOf(Asks("q2", 1));
  Resolve(id);
  const v1::Thread before = Unversioned(id);
  const auto split = Split(id, {q2});
  ASSERT_THAT(split, IsOk());
  const std::string made = split->split_thread().thread_id();
  EXPECT_EQ(split->thread().state(), kResolved);
  EXPECT_EQ(split->split_thread().state(), kResolved);
  EXPECT_EQ(split->split_thread().resolution(), v1::RESOLUTION_ANSWERED);
  EXPECT_THAT(Activity({kAda}).threads(), IsEmpty());
  ASSERT_THAT(SetState(made, kOpen), IsOk());
  EXPECT_EQ(Thread(id).state(), kResolved);
  ASSERT_THAT(UndoSplit(made), IsOk());
  ExpectSame(Unversioned(id), before);
  EXPECT_THAT(Activity({kAda}).threads(), IsEmpty());
}

TEST_F(ThreadMovesTest, WhatReopenedAThreadIsOpenByItself) {
  const std::string id = ThreadOf(Replying("<1@a>", {}, Asks("q1")));
  Resolve(id);
  const std::string again = IdOf(Replying("<2@a>", {"<1@a>"}, Asks("q2", 1)));
  EXPECT_EQ(Thread(id).reopen_count(), 1);
  const v1::Thread before = Unversioned(id);
  const auto split = Split(id, {again});
  ASSERT_THAT(split, IsOk());
  EXPECT_EQ(split->thread().state(), kResolved);
  EXPECT_EQ(split->thread().reopen_count(), 0);
  EXPECT_EQ(split->split_thread().state(), kOpen);
  EXPECT_EQ(split->split_thread().reopen_count(), 0);
  ASSERT_THAT(UndoSplit(split->split_thread().thread_id()), IsOk());
  ExpectSame(Unversioned(id), before);
}

TEST_F(ThreadMovesTest, ASplitOfWhichNothingStaysLeadsToTheThread) {
  const std::string id = ThreadOf(Replying("<1@a>", {}, Asks("q1")));
  const std::string q2 = IdOf(Asks("q2", 1));
  const v1::Thread before = Unversioned(id);
  const std::string made = Split(id, {q2})->split_thread().thread_id();
  const auto undone = UndoSplit(made);
  ASSERT_THAT(undone, IsOk());
  EXPECT_EQ(undone->changed_thread().joined_into_thread_id(), id);
  EXPECT_EQ(undone->changed_thread().split_from_thread_id(), "");
  ExpectSame(Unversioned(id), before);
  EXPECT_THAT(ListThreads({kAda}).threads(), SizeIs(1));
  auto named = Asks("q3", 2);
  named.mutable_interaction()->set_thread_id(made);
  EXPECT_EQ(ThreadOf(named), id);
  EXPECT_THAT(UndoJoin(made),
              StatusIs(StatusCode::kFailedPrecondition, "no join"));
}

// A question of Ada's, and one about her bill, which are joined.
class JoinedThreadsTest : public ThreadMovesTest {
 protected:
  JoinedThreadsTest() {
    stays_ = ThreadOf(Asks("q1"));
    joined_ = ThreadOf(About("bill", v1::THREAD_KIND_PROBLEM,
                             Replying("<2@a>", {}, Alone(Asks("q2", 1)))));
    EXPECT_NE(joined_, stays_);
    before_ = Unversioned(joined_);
    EXPECT_EQ(ThreadOf(Answers("a1", 2)), stays_);
    EXPECT_THAT(Activity({kAda}).last_problems(), SizeIs(1));
    answer_ = Join(stays_, joined_);
    EXPECT_THAT(answer_, IsOk());
  }

  std::string stays_;
  std::string joined_;
  v1::Thread before_;
  absl::StatusOr<v1::JoinThreadsResponse> answer_;
};

TEST_F(JoinedThreadsTest, AreOne) {
  ASSERT_THAT(answer_, IsOk());
  EXPECT_EQ(answer_->joined_thread().joined_into_thread_id(), stays_);
  EXPECT_EQ(answer_->joined_thread().state(), kResolved);
  EXPECT_EQ(answer_->joined_thread().resolution(), v1::RESOLUTION_DUPLICATE);
  EXPECT_EQ(answer_->thread().state(), kWaiting);
  EXPECT_EQ(answer_->thread().kind(), v1::THREAD_KIND_QUESTION);
  EXPECT_THAT(Said(stays_), ElementsAre("a1", "q2", "q1"));
  EXPECT_THAT(Said(joined_), IsEmpty());
  EXPECT_THAT(ListThreads({kAda}).threads(), SizeIs(1));
  const auto activity = Activity({kAda});
  EXPECT_THAT(activity.threads(), SizeIs(1));
  EXPECT_THAT(activity.last_problems(), IsEmpty());
  ExpectViewAsListed({kAda}, 20);
}

TEST_F(JoinedThreadsTest, HaveTheirReferencesLeadToTheOneThatStays) {
  EXPECT_EQ(ThreadOf(Replying("<3@a>", {"<2@a>"}, Alone(Asks("q3", 3)))),
            stays_);
  auto note = Reported(v1::KIND_NOTE, "note");
  note.mutable_interaction()->set_thread_id(joined_);
  EXPECT_EQ(ThreadOf(note), stays_);
  const std::string by_message =
      ThreadOf(Replying("<4@b>", {"<2@a>"}, Asks("b1", 4, kBob)));
  EXPECT_EQ(Thread(by_message).continues_thread_id(), stays_);
  auto named = About("else", v1::THREAD_KIND_INPUT, Asks("b2", 5, kBob));
  named.mutable_interaction()->clear_identity_key();
  named.mutable_interaction()->set_thread_id(joined_);
  EXPECT_EQ(Thread(ThreadOf(named)).continues_thread_id(), stays_);
}

TEST_F(JoinedThreadsTest, AreTwoAgainOnceThatIsTakenBack) {
  ASSERT_EQ(ThreadOf(Replying("<3@a>", {"<2@a>"}, Alone(Asks("q3", 3)))),
            stays_);
  ASSERT_THAT(UndoJoin(joined_), IsOk());
  ExpectSame(Unversioned(joined_), before_);
  EXPECT_THAT(Said(joined_), ElementsAre("q2"));
  EXPECT_THAT(Said(stays_), ElementsAre("q3", "a1", "q1"));
  EXPECT_EQ(ThreadOf(Replying("<5@a>", {"<2@a>"}, Alone(Asks("q5", 5)))),
            joined_);
  EXPECT_THAT(Activity({kAda}).threads(), SizeIs(2));
  EXPECT_THAT(Activity({kAda}).last_problems(), SizeIs(1));
  ExpectViewAsListed({kAda}, 20);
}

TEST_F(ThreadMovesTest, AConversationOfBothStaysWhereItWas) {
  const std::string stays = ThreadOf(InChat("c", Asks("1")));
  const std::string joined = ThreadOf(Alone(InChat("d", Asks("2", 1))));
  auto both = InChat("c", Asks("3", 2));
  both.mutable_interaction()->set_thread_id(joined);
  ASSERT_EQ(ThreadOf(both), joined);
  auto last = InChat("c", Asks("4", 3));
  last.mutable_interaction()->set_thread_id(stays);
  ASSERT_EQ(ThreadOf(last), stays);
  ASSERT_THAT(Join(stays, joined), IsOk());
  ASSERT_EQ(ThreadOf(InChat("d", Answers("5", 4))), stays);
  ASSERT_THAT(UndoJoin(joined), IsOk());
  EXPECT_EQ(ThreadOf(InChat("c", Answers("6", 5))), stays);
  EXPECT_EQ(ThreadOf(InChat("d", Answers("7", 6))), joined);
}

TEST_F(ThreadMovesTest, ResolvedThreadsThatAreJoinedStayResolved) {
  const std::string stays = ThreadOf(Asks("q1"));
  Resolve(stays);
  harness_.clock().Advance(absl::Minutes(1));
  const std::string joined = ThreadOf(Asks("q2", 1));
  ASSERT_NE(joined, stays);
  harness_.clock().Advance(absl::Minutes(1));
  Resolve(joined);
  const v1::Thread joined_before = Unversioned(joined);
  ASSERT_THAT(Join(stays, joined), IsOk());
  EXPECT_EQ(Thread(stays).state(), kResolved);
  ASSERT_THAT(UndoJoin(joined), IsOk());
  ExpectSame(Unversioned(joined), joined_before);
  // A question that nobody has answered is not lost behind what is resolved.
  ASSERT_THAT(SetState(joined, kOpen), IsOk());
  ASSERT_THAT(Join(stays, joined), IsOk());
  EXPECT_EQ(Thread(stays).state(), kOpen);
}

TEST_F(ThreadMovesTest, ACorrectionOfWhatMovedGoesBackWithIt) {
  const auto asked = About("delivery", v1::THREAD_KIND_PROBLEM, Asks("q1"));
  const std::string id = ThreadOf(asked);
  ASSERT_EQ(ThreadOf(Answers("a1", 1)), id);
  const std::string opener = IdOf(asked);
  const std::string made = Split(id, {opener})->split_thread().thread_id();
  auto corrected =
      About("bill", v1::THREAD_KIND_PROBLEM, Replying("<1@a>", {}, Asks("q1")));
  corrected.mutable_interaction()->set_source_revision(1);
  ASSERT_EQ(ThreadOf(corrected), made);
  EXPECT_EQ(Thread(made).topic(), "bill");
  EXPECT_EQ(Thread(id).topic(), "delivery");
  corrected = At(Noon() + absl::Minutes(7), corrected);
  corrected.mutable_interaction()->set_source_revision(2);
  ASSERT_EQ(ThreadOf(corrected), made);
  ASSERT_THAT(UndoSplit(made), IsOk());
  EXPECT_EQ(Thread(id).topic(), "bill");
  EXPECT_EQ(Thread(id).state(), kOpen);
  EXPECT_EQ(base::FromProto(Thread(id).first_unanswered_time()),
            Noon() + absl::Minutes(7));
  EXPECT_EQ(ThreadOf(Replying("<2@k>", {"<1@a>"}, Alone(Answers("a2", 8)))),
            id);
  // And from then on where it is now.
  corrected.mutable_interaction()->set_automated(true);
  corrected.mutable_interaction()->set_source_revision(3);
  ASSERT_EQ(ThreadOf(corrected), id);
  EXPECT_FALSE(Thread(id).has_last_inbound_time());
}

TEST_F(ThreadMovesTest, ChangesAreTakenBackInTheirOrder) {
  const std::string id = ThreadOf(Asks("1"));
  std::vector<std::string> ids;
  for (int i = 2; i < 6; ++i) ids.push_back(IdOf(Asks(absl::StrCat(i), i)));
  const v1::Thread before = Unversioned(id);
  const std::string first = Split(id, ids)->split_thread().thread_id();
  const std::string second =
      Split(first, {ids[2], ids[3]})->split_thread().thread_id();
  EXPECT_THAT(UndoSplit(first), StatusIs(StatusCode::kFailedPrecondition,
                                         "take that back first"));
  ASSERT_THAT(Join(id, second), IsOk());
  EXPECT_THAT(UndoSplit(second),
              StatusIs(StatusCode::kFailedPrecondition, "split_thread_id"));
  EXPECT_THAT(Said(id), ElementsAre("5", "4", "1"));
  ASSERT_THAT(UndoJoin(second), IsOk());
  ASSERT_THAT(UndoSplit(second), IsOk());
  ASSERT_THAT(UndoSplit(first), IsOk());
  ExpectSame(Unversioned(id), before);
  EXPECT_THAT(Said(id), ElementsAre("5", "4", "3", "2", "1"));
  EXPECT_THAT(ListThreads({kAda}).threads(), SizeIs(1));
}

TEST_F(ThreadMovesTest, ASplitIsNotGivenBackToAThreadThatWasJoined) {
  const std::string id = ThreadOf(Asks("1"));
  const std::string second = IdOf(Asks("2", 1));
  const std::string other = Create("other")->thread_id();
  const std::string made = Split(id, {second})->split_thread().thread_id();
  ASSERT_THAT(Join(other, id), IsOk());
  EXPECT_THAT(UndoSplit(made),
              StatusIs(StatusCode::kFailedPrecondition, "was joined into"));
  ASSERT_THAT(UndoJoin(id), IsOk());
  EXPECT_THAT(UndoSplit(made), IsOk());
}

TEST_F(ThreadMovesTest, WhatComesBackToANewThreadIsShownInIt) {
  const std::string id = ThreadOf(Asks("1"));
  const std::string second = IdOf(Asks("2", 1));
  const std::string first = Split(id, {second})->split_thread().thread_id();
  auto since = Asks("3", 2);
  since.mutable_interaction()->set_thread_id(first);
  const std::string third = IdOf(since);
  const std::string last = Split(first, {third})->split_thread().thread_id();
  ASSERT_THAT(UndoSplit(first), IsOk());
  EXPECT_EQ(Thread(first).joined_into_thread_id(), id);
  ASSERT_THAT(UndoSplit(last), IsOk());
  EXPECT_EQ(Thread(first).joined_into_thread_id(), "");
  EXPECT_EQ(Thread(first).state(), kOpen);
  EXPECT_THAT(Said(first), ElementsAre("3"));
  EXPECT_THAT(Said(id), ElementsAre("2", "1"));
}

TEST_F(ThreadMovesTest, ARepeatHasNoSecondEffect) {
  const std::string id = ThreadOf(Asks("1"));
  const std::string second = IdOf(Asks("2", 1));
  const auto split = Split(id, {second}, "r-1");
  ASSERT_THAT(split, IsOk());
  const std::string made = split->split_thread().thread_id();
  const auto again = Split(id, {second}, "r-1");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->split_thread().thread_id(), made);
  EXPECT_EQ(again->thread().etag(), split->thread().etag());
  EXPECT_THAT(Split(made, {second}, "r-1"),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
  ASSERT_THAT(Join(id, made, "r-2"), IsOk());
  const std::string etag = Thread(id).etag();
  ASSERT_THAT(Join(id, made, "r-2"), IsOk());
  // Nor has the same, asked for once more.
  ASSERT_THAT(Join(id, made), IsOk());
  EXPECT_EQ(Thread(id).etag(), etag);
  ASSERT_THAT(UndoJoin(made, "r-3"), IsOk());
  ASSERT_THAT(UndoJoin(made, "r-3"), IsOk());
  ASSERT_THAT(UndoJoin(made), IsOk());
  EXPECT_THAT(Said(made), ElementsAre("2"));
  ASSERT_THAT(UndoSplit(made), IsOk());
  const auto undone = UndoSplit(made);
  ASSERT_THAT(undone, IsOk());
  EXPECT_EQ(undone->thread().thread_id(), id);
  EXPECT_THAT(Said(id), ElementsAre("2", "1"));
}

TEST_F(ThreadMovesTest, WhatCannotBeMovedIsRefused) {
  const std::string id = ThreadOf(Asks("1"));
  const std::string only = IdOf(Asks("1"));
  const std::string bob = ThreadOf(Asks("2", 1, kBob));
  const std::string made = Create("made")->thread_id();
  EXPECT_THAT(Split(kBob, {only}),
              StatusIs(StatusCode::kNotFound, "thread_id"));
  EXPECT_THAT(Split(id, {kBob}),
              StatusIs(StatusCode::kNotFound, "interaction_ids"));
  EXPECT_THAT(Split(id, {only}),
              StatusIs(StatusCode::kFailedPrecondition, "must stay"));
  EXPECT_THAT(Split(id, {}),
              StatusIs(StatusCode::kInvalidArgument, "interaction_ids"));
  EXPECT_THAT(Join(id, kBob),
              StatusIs(StatusCode::kNotFound, "joined_thread_id"));
  EXPECT_THAT(Join(kBob, id), StatusIs(StatusCode::kNotFound, "thread_id"));
  EXPECT_THAT(Join(id, bob),
              StatusIs(StatusCode::kFailedPrecondition, "another contact"));
  EXPECT_THAT(Join(id, id),
              StatusIs(StatusCode::kInvalidArgument, "joined_thread_id"));
  EXPECT_THAT(UndoSplit(id),
              StatusIs(StatusCode::kFailedPrecondition, "no split"));
  EXPECT_THAT(UndoJoin(id),
              StatusIs(StatusCode::kFailedPrecondition, "no join"));
  EXPECT_THAT(UndoJoin(kBob),
              StatusIs(StatusCode::kNotFound, "joined_thread_id"));
  EXPECT_THAT(
      harness_.Call(&Stub::UndoThreadChange, v1::UndoThreadChangeRequest()),
      StatusIs(StatusCode::kInvalidArgument, "not set"));
  ASSERT_THAT(Join(made, id), IsOk());
  EXPECT_THAT(SetState(id, kOpen),
              StatusIs(StatusCode::kFailedPrecondition, "was joined into"));
  EXPECT_THAT(Split(id, {only}),
              StatusIs(StatusCode::kFailedPrecondition, "was joined into"));
  const std::string other = Create("other")->thread_id();
  EXPECT_THAT(Join(other, id),
              StatusIs(StatusCode::kFailedPrecondition, "joined_thread_id"));
  EXPECT_THAT(Join(id, other),
              StatusIs(StatusCode::kFailedPrecondition, "thread_id"));
}

TEST_F(ThreadMovesTest, AThreadOfAChainIsNotJoined) {
  const std::string first = ThreadOf(Replying("<1@a>", {}, Asks("1")));
  Resolve(first);
  harness_.clock().Advance(absl::Hours(24 * 15));
  const std::string second =
      ThreadOf(Replying("<2@a>", {"<1@a>"}, Asks("2", 60 * 24 * 15)));
  ASSERT_EQ(Thread(second).continues_thread_id(), first);
  const std::string other = Create("other")->thread_id();
  for (const std::string& chained : {first, second}) {
    EXPECT_THAT(Join(other, chained),
                StatusIs(StatusCode::kFailedPrecondition, "continue"));
  }
  // One that continues another contact's thread may.
  const std::string bob =
      ThreadOf(Replying("<3@b>", {"<1@a>"}, Asks("3", 1, kBob)));
  const std::string of_bob =
      Create("bob", "", v1::THREAD_KIND_INPUT, kBob)->thread_id();
  EXPECT_THAT(Join(of_bob, bob), IsOk());
}

TEST_F(ThreadMovesTest, AnotherTenantMovesNothing) {
  const std::string id = ThreadOf(Asks("1"));
  const std::string second = IdOf(Asks("2", 1));
  const std::string made = Split(id, {second})->split_thread().thread_id();
  EXPECT_THAT(Split(id, {second}, "", testing::kOther),
              StatusIs(StatusCode::kNotFound, "thread_id"));
  EXPECT_THAT(Join(id, made, "", testing::kOther),
              StatusIs(StatusCode::kNotFound, "thread_id"));
  EXPECT_THAT(UndoSplit(made, "", testing::kOther),
              StatusIs(StatusCode::kNotFound, "split_thread_id"));
  EXPECT_THAT(Said(made), ElementsAre("2"));
}

TEST_F(ThreadMovesTest, BothThreadsAreToldInTheFeed) {
  const std::string id = ThreadOf(Asks("1"));
  // The changes come in the order of the ids, and those begin with the time.
  harness_.clock().Advance(absl::Minutes(1));
  const std::string second = IdOf(Asks("2", 1));
  const std::string made = Split(id, {second})->split_thread().thread_id();
  ASSERT_THAT(UndoSplit(made), IsOk());
  EXPECT_THAT(
      ToldOf(harness_.database(), kAda),
      ElementsAre("1 interaction_recorded", "2 thread_opened",
                  "3 action_opened", "4 interaction_recorded",
                  "5 thread_changed", "6 thread_opened", "7 action_opened",
                  "8 thread_changed", "9 thread_changed", "10 action_ended"));
}

TEST_F(ThreadMovesTest, ALongThreadIsSplitAndJoinedWithinTheLimits) {
  harness_.clock().Advance(absl::Hours(12));
  std::vector<v1::RecordInteractionRequest> words;
  for (int i = 0; i < 501; ++i) {
    words.push_back(
        Replying(absl::StrCat("<", i, "@a>"), {}, Asks(absl::StrCat(i), i)));
  }
  const auto recorded = BatchRecord({words.begin(), words.begin() + 500});
  ASSERT_THAT(recorded, IsOk());
  const std::string id = ThreadOf(words[500]);
  const v1::Thread before = Unversioned(id);
  const std::string other = Create("other")->thread_id();
  EXPECT_THAT(Join(other, id),
              StatusIs(StatusCode::kFailedPrecondition, "more than 500"));
  std::vector<std::string> ids;
  for (const auto& result : recorded->results()) {
    ids.push_back(result.response().interaction().interaction_id());
  }
  const auto split = Split(id, ids);
  ASSERT_THAT(split, IsOk());
  const std::string made = split->split_thread().thread_id();
  EXPECT_THAT(Said(id), ElementsAre("500"));
  ASSERT_THAT(Join(other, made), IsOk());
  EXPECT_EQ(ThreadOf(Replying("<x@k>", {"<7@a>"}, Alone(Answers("x", 502)))),
            other);
  ASSERT_THAT(UndoJoin(made), IsOk());
  ASSERT_THAT(UndoSplit(made), IsOk());
  ExpectSame(Unversioned(id), before);
  ExpectViewAsListed({kAda}, 20);
}

TEST_F(ThreadMovesTest, SplitsAtOnceMoveEachInteractionOnce) {
  const std::string id = ThreadOf(Asks("0"));
  std::vector<std::string> ids;
  for (int i = 1; i < 5; ++i) ids.push_back(IdOf(Asks(absl::StrCat(i), i)));
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      const auto split = Split(id, {ids[static_cast<size_t>(i) % 4]});
      EXPECT_TRUE(split.ok() || absl::IsNotFound(split.status()));
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_THAT(Said(id), ElementsAre("0"));
  EXPECT_THAT(ListThreads({kAda}).threads(), SizeIs(5));
  EXPECT_EQ(Rows("threads"), 5);
}

TEST_F(ThreadMovesTest, AMoveIsWholeThoughConnectionsAreKilled) {
  const std::string id = ThreadOf(Asks("0"));
  const std::string first = IdOf(Asks("1", 1));
  for (int i = 0; i < 10; ++i) {
    const std::string request_id = absl::StrCat("r-", i);
    std::thread killer([&] { harness_.database().KillSessions(); });
    // As a client would: the same request until it is answered.
    auto split = Split(id, {first}, request_id);
    while (!split.ok()) split = Split(id, {first}, request_id);
    killer.join();
    const std::string made = split->split_thread().thread_id();
    auto undone = UndoSplit(made);
    while (!undone.ok()) undone = UndoSplit(made);
  }
  // A session of the pool may still be a killed one.
  auto got = Get(id);
  while (!got.ok()) got = Get(id);
  EXPECT_THAT(Said(id, got), ElementsAre("1", "0"));
  EXPECT_EQ(Rows("threads"), 11);
}

}  // namespace
}  // namespace kith::interactions
