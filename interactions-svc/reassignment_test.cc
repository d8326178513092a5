#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/outbox_rows.h"
#include "gmock/gmock.h"
#include "interactions-svc/reassignment_fixture.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using config::v1::ACTION_KIND_CALL_BACK;
using config::v1::ACTION_KIND_FOLLOW_UP;
using config::v1::ACTION_KIND_REPLY;
using ::kith::testing::IsOk;
using ::kith::testing::kDemoPublic;
using ::kith::testing::kOther;
using ::kith::testing::StatusIs;
using ::kith::testing::ToldOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kCarl[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b7";

class ReassignmentTest : public ReassignmentFixture {};

TEST_F(ReassignmentTest, SumsTimesAndReturnsGoWithTheInteraction) {
  const v1::Interaction bought =
      Recorded(Paid("EUR", 5'000'000, Reported(v1::KIND_PURCHASE, "order")));
  auto returned = Paid("EUR", 1'000'000, Reported(v1::KIND_RETURN, "return"));
  returned.mutable_interaction()->add_items()->set_sku("lamp");
  const v1::Interaction back = Recorded(returned);
  Say(At(Noon() - absl::Hours(1), Outbound(Reported(v1::KIND_CALL, "first"))));
  const v1::Interaction call =
      Recorded(Outbound(Reported(v1::KIND_CALL, "last")));

  Move({bought, back, call});

  const v1::ActivitySummary ada = Summary({kAda});
  EXPECT_EQ(Total(ada), 1);
  EXPECT_THAT(ada.sales(), IsEmpty());
  EXPECT_THAT(ada.returned_items(), IsEmpty());
  EXPECT_EQ(base::FromProto(ada.last_called_time()), Noon() - absl::Hours(1));
  const v1::ActivitySummary bob = Summary({kBob});
  EXPECT_EQ(Total(bob), 3);
  ASSERT_THAT(bob.sales(), SizeIs(1));
  EXPECT_EQ(bob.sales(0).sold_micros(), 5'000'000);
  EXPECT_EQ(bob.sales(0).returned_micros(), 1'000'000);
  EXPECT_THAT(bob.returned_items(), SizeIs(1));
  EXPECT_EQ(base::FromProto(bob.last_called_time()), Noon());
  ExpectViewAsListed({kAda}, 20);
  ExpectViewAsListed({kBob}, 20);
}

TEST_F(ReassignmentTest, TellsTheEarliestPurchaseThatCounts) {
  const absl::Duration hour = absl::Hours(1);
  std::vector<v1::Interaction> bought;
  for (const int hours : {2, 3, 1}) {
    bought.push_back(Recorded(
        At(Noon() - hours * hour,
           Reported(v1::KIND_PURCHASE, absl::StrCat("order-", hours)))));
  }
  bought.push_back(
      Recorded(At(Noon() - 4 * hour, Reported(v1::KIND_RETURN, "return-1"))));
  const auto by_form = Record(
      At(Noon() - 5 * hour, Own(v1::KIND_PURCHASE, "form-1")), kDemoPublic);
  ASSERT_THAT(by_form, IsOk());
  bought.push_back(by_form->interaction());
  v1::ReassignInteractionsRequest request = MoveOf(bought);
  request.set_request_id("r-1");
  const auto moved = Reassign(request);
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(base::FromProto(moved->purchase_time()), Noon() - 3 * hour);
  // A repeat does so too, as what follows from it may have been cut off.
  EXPECT_EQ(base::FromProto(Reassign(request)->purchase_time()),
            Noon() - 3 * hour);
  EXPECT_FALSE(Reassign(MoveOf({bought[3]}, kBob, kAda))->has_purchase_time());
}

TEST_F(ReassignmentTest, TellsWhoHadItAndWhy) {
  const v1::Interaction note = Recorded(Reported(v1::KIND_NOTE, "note"));
  v1::ReassignInteractionsRequest request = MoveOf({note});
  request.set_agent("sam");
  ASSERT_THAT(Reassign(request), IsOk());
  const auto listed = ListAll({kBob});
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed[0].interaction_id(), note.interaction_id());
  const v1::Reassignment& reassignment = listed[0].reassignment();
  EXPECT_EQ(reassignment.from_contact_id(), kAda);
  EXPECT_EQ(reassignment.agent(), "sam");
  EXPECT_EQ(reassignment.reason(), "it was the neighbour");
  EXPECT_EQ(base::FromProto(reassignment.time()), Now());
}

TEST_F(ReassignmentTest, NobodyClaimsAReassignmentByRecording) {
  auto request = Reported(v1::KIND_NOTE, "note");
  request.mutable_interaction()->mutable_reassignment()->set_reason("no");
  EXPECT_FALSE(Recorded(request).has_reassignment());
}

TEST_F(ReassignmentTest, BothContactsAreTold) {
  const v1::Interaction note = Recorded(Reported(v1::KIND_NOTE, "note"));
  Move({note});
  EXPECT_THAT(
      ToldOf(harness_.database(), kAda),
      ElementsAre("1 interaction_recorded", "2 interaction_reassigned"));
  EXPECT_THAT(ToldOf(harness_.database(), kBob),
              ElementsAre("1 interaction_reassigned"));
}

TEST_F(ReassignmentTest, AThreadGoesAsAWholeWithWhatAPersonHasSaidOfIt) {
  const v1::Interaction asked = Recorded(Asks("mail", 0));
  const v1::Interaction answer = Recorded(Answers("answer", 1));
  v1::Thread thread;
  thread.set_thread_id(asked.thread_id());
  thread.set_assignee("eve");
  ASSERT_THAT(Update(thread, {"assignee"}), IsOk());
  harness_.clock().Advance(absl::Minutes(1));
  Resolve(asked.thread_id());
  const v1::Thread before = Thread(asked.thread_id());

  Move({answer, asked});

  EXPECT_THAT(ThreadIds(kAda), IsEmpty());
  const std::vector<std::string> ids = ThreadIds(kBob);
  ASSERT_THAT(ids, SizeIs(1));
  const v1::Thread after = Thread(ids[0]);
  EXPECT_EQ(after.contact_id(), kBob);
  EXPECT_EQ(after.state(), kResolved);
  EXPECT_EQ(after.resolution(), v1::RESOLUTION_ANSWERED);
  EXPECT_EQ(after.assignee(), "eve");
  EXPECT_EQ(base::ToMicros(after.opened_time()),
            base::ToMicros(before.opened_time()));
  EXPECT_EQ(base::ToMicros(after.first_answer_time()),
            base::ToMicros(before.first_answer_time()));
  EXPECT_THAT(Get(ids[0])->interactions(), SizeIs(2));
  EXPECT_EQ(Thread(asked.thread_id()).joined_into_thread_id(), ids[0]);
  EXPECT_THAT(Get(asked.thread_id())->interactions(), IsEmpty());
}

TEST_F(ReassignmentTest, APartOfAThreadLeavesTheRest) {
  const v1::Interaction asked = Recorded(Asks("mail", 0));
  Say(Answers("answer", 1));
  const v1::Interaction again = Recorded(Asks("again", 2));
  ASSERT_EQ(again.thread_id(), asked.thread_id());
  ASSERT_THAT(Kinds(kAda), ElementsAre(ACTION_KIND_REPLY));

  Move({again});

  EXPECT_EQ(Thread(asked.thread_id()).state(), kWaiting);
  EXPECT_THAT(Kinds(kAda), IsEmpty());
  const std::vector<std::string> ids = ThreadIds(kBob);
  ASSERT_THAT(ids, SizeIs(1));
  EXPECT_EQ(Thread(ids[0]).state(), kOpen);
  EXPECT_EQ(Thread(ids[0]).split_from_thread_id(), "");
  EXPECT_THAT(Kinds(kBob), ElementsAre(ACTION_KIND_REPLY));
  EXPECT_EQ(Activity({kAda}).threads_size(), 1);
}

TEST_F(ReassignmentTest, InteractionsOfOneThreadComeTogetherByTwoRequests) {
  const v1::Interaction first = Recorded(Asks("mail", 0));
  const v1::Interaction second = Recorded(Answers("answer", 1));
  Resolve(first.thread_id());
  Move({second});
  Move({first});
  EXPECT_THAT(ThreadIds(kAda), IsEmpty());
  const std::vector<std::string> ids = ThreadIds(kBob);
  ASSERT_THAT(ids, SizeIs(1));
  EXPECT_THAT(Get(ids[0])->interactions(), SizeIs(2));
}

TEST_F(ReassignmentTest, AReplyFindsTheThreadThatItRefersTo) {
  const std::string bobs =
      ThreadOf(Replying("<1@bob>", {}, Asks("bob-1", 0, kBob)));
  const v1::Interaction reply =
      Recorded(Replying("<2@ada>", {"<1@bob>"}, Asks("ada-1", 1)));
  ASSERT_NE(reply.thread_id(), bobs);
  Move({reply});
  EXPECT_THAT(ThreadIds(kBob), ElementsAre(bobs));
  EXPECT_THAT(Get(bobs)->interactions(), SizeIs(2));
}

TEST_F(ReassignmentTest, WhatAPersonHasSeenOfTheOtherThreadStaysSeen) {
  const std::string bobs =
      ThreadOf(Replying("<1@bob>", {}, Asks("bob-1", 0, kBob)));
  const v1::Interaction reply =
      Recorded(Replying("<2@ada>", {"<1@bob>"}, Asks("ada-1", 1)));
  harness_.clock().Advance(absl::Minutes(1));
  Resolve(bobs);
  Move({reply});
  EXPECT_EQ(Thread(bobs).state(), kResolved);
}

TEST_F(ReassignmentTest, RepliesToAMessageThatMovedLeadToItsThread) {
  const v1::Interaction mail =
      Recorded(Replying("<1@ada>", {}, Asks("mail", 0)));
  Move({mail});
  const std::vector<std::string> ids = ThreadIds(kBob);
  ASSERT_THAT(ids, SizeIs(1));
  EXPECT_EQ(ThreadOf(Replying("<2@us>", {"<1@ada>"}, Answers("out", 1, kBob))),
            ids[0]);
  // Of the old contact it is somebody else's now, who may be answered alone.
  EXPECT_EQ(ThreadOf(Replying("<3@us>", {"<1@ada>"}, Answers("no", 2, kAda))),
            "");
  const std::string own =
      ThreadOf(Replying("<4@ada>", {"<1@ada>"}, Asks("cc", 3, kAda)));
  EXPECT_EQ(Thread(own).continues_thread_id(), ids[0]);
}

TEST_F(ReassignmentTest, WhatNamesTheFormerThreadFindsItsInteractions) {
  const v1::Interaction mail = Recorded(Asks("mail", 0));
  Move({mail});
  const std::vector<std::string> ids = ThreadIds(kBob);
  ASSERT_THAT(ids, SizeIs(1));
  auto answer = Answers("out", 1, kBob);
  answer.mutable_interaction()->set_thread_id(mail.thread_id());
  answer.mutable_interaction()->clear_identity_key();
  EXPECT_EQ(ThreadOf(answer), ids[0]);
}

TEST_F(ReassignmentTest, AConversationFollowsItsWholeThreadAlone) {
  const auto in_chat = [](v1::RecordInteractionRequest request) {
    request.mutable_interaction()->set_conversation_id("chat");
    request.mutable_interaction()->clear_identity_key();
    return request;
  };
  const v1::Interaction one = Recorded(in_chat(Asks("one", 0)));
  const v1::Interaction two = Recorded(in_chat(Asks("two", 1)));
  Move({two});
  EXPECT_EQ(ThreadOf(in_chat(Asks("three", 2))), one.thread_id());
  const std::vector<std::string> ids = ThreadIds(kBob);
  ASSERT_THAT(ids, SizeIs(1));
  EXPECT_EQ(ThreadOf(in_chat(Asks("four", 3, kBob))), ids[0]);
  Move(ListAll({kAda}));
  const std::string own = ThreadOf(in_chat(Asks("five", 4)));
  EXPECT_NE(own, one.thread_id());
  EXPECT_EQ(Thread(own).continues_thread_id(), ids[0]);
}

TEST_F(ReassignmentTest, AChainClosesOverTheThreadThatLeaves) {
  const v1::Interaction first =
      Recorded(Replying("<1@ada>", {}, Asks("one", 0)));
  Resolve(first.thread_id());
  harness_.clock().Advance(absl::Hours(24 * 30));
  const v1::Interaction second =
      Recorded(At(Now(), Replying("<2@ada>", {"<1@ada>"}, Asks("two", 0))));
  ASSERT_EQ(Thread(second.thread_id()).continues_thread_id(),
            first.thread_id());
  ASSERT_EQ(ThreadIds(kAda).size(), 1);
  Move({second});
  EXPECT_THAT(ThreadIds(kAda), ElementsAre(first.thread_id()));
  EXPECT_EQ(Thread(first.thread_id()).continued_by_thread_id(), "");
}

TEST_F(ReassignmentTest, AMissedCallAsksTheOtherToBeCalledBack) {
  const v1::Interaction missed = Recorded(Missed("missed", 0));
  ASSERT_THAT(Kinds(kAda), ElementsAre(ACTION_KIND_CALL_BACK));
  Move({missed});
  EXPECT_THAT(Kinds(kAda), IsEmpty());
  EXPECT_THAT(Kinds(kBob), ElementsAre(ACTION_KIND_CALL_BACK));
}

TEST_F(ReassignmentTest, AMissedCallThatTheOtherWasCalledBackForIsAnswered) {
  Say(CalledBack("back", 1, kBob));
  const v1::Interaction missed = Recorded(Missed("missed", 0));
  Move({missed});
  EXPECT_THAT(Kinds(kAda), IsEmpty());
  EXPECT_THAT(Kinds(kBob), IsEmpty());
}

TEST_F(ReassignmentTest, AnAnswerThatLeavesLeavesTheQuestion) {
  Say(Missed("missed", 0));
  const v1::Interaction back = Recorded(CalledBack("back", 1));
  ASSERT_THAT(Kinds(kAda), IsEmpty());
  Move({back});
  EXPECT_THAT(Kinds(kAda), ElementsAre(ACTION_KIND_CALL_BACK));
}

TEST_F(ReassignmentTest, WhatAPersonHasEndedByHandStaysEnded) {
  const v1::Interaction missed = Recorded(Missed("missed", 0));
  harness_.clock().Advance(absl::Minutes(1));
  ASSERT_THAT(Complete({}, Open(kAda)), IsOk());
  Move({missed});
  EXPECT_THAT(Kinds(kBob), IsEmpty());
}

TEST_F(ReassignmentTest, WhatWasPromisedByHandStays) {
  const v1::Interaction asked = Recorded(Asks("mail", 0));
  ASSERT_THAT(CreateAction(ACTION_KIND_FOLLOW_UP, "call on Monday"), IsOk());
  Move({asked});
  EXPECT_THAT(Kinds(kAda), ElementsAre(ACTION_KIND_FOLLOW_UP));
  EXPECT_THAT(Kinds(kBob), ElementsAre(ACTION_KIND_REPLY));
}

TEST_F(ReassignmentTest, TheLastProblemGoesWithItsThread) {
  Say(About("lamp", v1::THREAD_KIND_PROBLEM, Asks("old", 0)));
  auto asks = About("heat", v1::THREAD_KIND_PROBLEM, Asks("new", 200));
  asks.mutable_interaction()->clear_identity_key();
  const v1::Interaction heat = Recorded(asks);
  Move({heat});
  const auto ada = Activity({kAda});
  ASSERT_THAT(ada.last_problems(), SizeIs(1));
  EXPECT_EQ(ada.last_problems(0).topic(), "lamp");
  const auto bob = Activity({kBob});
  ASSERT_THAT(bob.last_problems(), SizeIs(1));
  EXPECT_EQ(bob.last_problems(0).topic(), "heat");
}

TEST_F(ReassignmentTest, ACorrectionFindsItAtTheNewContact) {
  const auto call = Reported(v1::KIND_CALL, "call");
  Move({Recorded(Revision(1, v1::OUTCOME_UNSPECIFIED, call))});
  const auto known = Record(Revision(1, v1::OUTCOME_UNSPECIFIED, call));
  ASSERT_THAT(known, IsOk());
  EXPECT_EQ(known->outcome(), v1::RECORD_OUTCOME_KNOWN);
  EXPECT_EQ(known->interaction().contact_id(), kBob);
  const auto corrected = Record(Revision(2, v1::OUTCOME_ANSWERED, call));
  ASSERT_THAT(corrected, IsOk());
  EXPECT_EQ(corrected->outcome(), v1::RECORD_OUTCOME_CORRECTED);
  EXPECT_EQ(corrected->interaction().contact_id(), kBob);
  EXPECT_EQ(corrected->interaction().reassignment().from_contact_id(), kAda);
  EXPECT_THAT(ListAll({kAda}), IsEmpty());
  EXPECT_EQ(Total(Summary({kBob})), 1);
  const auto found = Lookup(Revision(3, v1::OUTCOME_ANSWERED, call));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->contact_id(), kBob);
}

TEST_F(ReassignmentTest, ARepeatByRequestIdIsStillARepeat) {
  const auto note = Own(v1::KIND_NOTE, "note-1");
  const v1::Interaction recorded = Recorded(note);
  Move({recorded});
  Move({recorded}, kBob, kCarl);
  for (int i = 0; i < 2; ++i) {
    const auto again = Record(note);
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(again->outcome(), v1::RECORD_OUTCOME_KNOWN);
    EXPECT_EQ(again->interaction().contact_id(), kCarl);
    EXPECT_EQ(again->interaction().interaction_id(), recorded.interaction_id());
  }
  const auto found = Lookup(note);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->known().interaction().contact_id(), kCarl);
  EXPECT_EQ(Rows("interactions"), 1);
}

TEST_F(ReassignmentTest, ItGoesThereAndBack) {
  const v1::Interaction asked =
      Recorded(Replying("<1@ada>", {}, Asks("mail", 0)));
  const v1::Interaction missed = Recorded(Missed("missed", 1));
  const v1::ActivitySummary before = Summary({kAda});
  Move({asked, missed});
  Move({asked, missed}, kBob, kAda);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(
      Summary({kAda}), before));
  EXPECT_EQ(Total(Summary({kBob})), 0);
  EXPECT_THAT(ThreadIds(kBob), IsEmpty());
  const std::vector<std::string> ids = ThreadIds(kAda);
  ASSERT_THAT(ids, SizeIs(1));
  EXPECT_EQ(ThreadOf(Replying("<2@us>", {"<1@ada>"}, Answers("out", 2))),
            ids[0]);
  EXPECT_THAT(Kinds(kAda), ElementsAre(ACTION_KIND_CALL_BACK));
}

TEST_F(ReassignmentTest, ARepeatedCallMovesNothingMore) {
  const v1::Interaction note = Recorded(Reported(v1::KIND_NOTE, "note"));
  v1::ReassignInteractionsRequest request = MoveOf({note});
  request.set_request_id("move-1");
  for (int i = 0; i < 2; ++i) {
    const auto moved = Reassign(request);
    ASSERT_THAT(moved, IsOk());
    ASSERT_THAT(moved->interactions(), SizeIs(1));
    EXPECT_EQ(moved->interactions(0).interaction_id(), note.interaction_id());
    EXPECT_EQ(Total(Summary({kBob})), 1);
  }
  request.set_reason("another");
  EXPECT_THAT(Reassign(request), StatusIs(StatusCode::kInvalidArgument));
}

TEST_F(ReassignmentTest, ARepeatNeedsNoTarget) {
  const v1::Interaction note = Recorded(Reported(v1::KIND_NOTE, "note"));
  v1::ReassignInteractionsRequest request = MoveOf({note});
  request.set_request_id("move-1");
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'f'));
  v1::ReassignInteractionsRequest lost = request;
  lost.clear_to_contact_id();
  EXPECT_THAT(Reassign(lost), StatusIs(StatusCode::kNotFound));
  ASSERT_THAT(Reassign(request), IsOk());
  const auto again = Reassign(lost);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->contact_id(), kBob);
  EXPECT_THAT(again->interactions(), SizeIs(1));
}

TEST_F(ReassignmentTest, MovesAllOrNone) {
  const v1::Interaction note = Recorded(Reported(v1::KIND_NOTE, "note"));
  v1::Interaction gone = note;
  gone.set_interaction_id(kCarl);
  EXPECT_THAT(Reassign(MoveOf({note, gone})),
              StatusIs(StatusCode::kNotFound, kCarl));
  EXPECT_THAT(ListAll({kAda}), SizeIs(1));
  EXPECT_EQ(Total(Summary({kBob})), 0);
  v1::Interaction other_time = note;
  *other_time.mutable_occurred_time() = base::ToProto(Noon() + absl::Hours(1));
  EXPECT_THAT(Reassign(MoveOf({other_time})),
              StatusIs(StatusCode::kNotFound, "occurred_time"));
}

TEST_F(ReassignmentTest, AnotherTenantsInteractionsAreNotFound) {
  const v1::Interaction note = Recorded(Reported(v1::KIND_NOTE, "note"));
  EXPECT_THAT(Reassign(MoveOf({note}), kOther),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(ListAll({kAda}), SizeIs(1));
}

TEST_F(ReassignmentTest, APublicFormMayNot) {
  const v1::Interaction note = Recorded(Reported(v1::KIND_NOTE, "note"));
  EXPECT_THAT(Reassign(MoveOf({note}), kDemoPublic),
              StatusIs(StatusCode::kPermissionDenied));
}

TEST_F(ReassignmentTest, AHundredMoveAtOnce) {
  std::vector<v1::Interaction> all;
  for (int i = 0; i < 100; ++i) {
    all.push_back(Recorded(Asks(absl::StrCat("mail-", i), i)));
  }
  Move(all);
  EXPECT_EQ(Total(Summary({kAda})), 0);
  EXPECT_EQ(Total(Summary({kBob})), 100);
  EXPECT_THAT(ThreadIds(kBob), SizeIs(1));
  ExpectViewAsListed({kAda}, 20);
  ExpectViewAsListed({kBob}, 20);
}

// One of two that move the same finds nothing left; and what two move to each
// other at once waits, and ends.
TEST_F(ReassignmentTest, TwoCallersAtOnceMoveItOnce) {
  for (int round = 0; round < 20; ++round) {
    const v1::Interaction one = Recorded(Asks(absl::StrCat("a-", round), 0));
    const v1::Interaction two =
        Recorded(Asks(absl::StrCat("b-", round), 0, kBob));
    absl::Status first;
    absl::Status second;
    std::thread there([&] { first = Reassign(MoveOf({one})).status(); });
    std::thread also_there([&] { second = Reassign(MoveOf({one})).status(); });
    std::thread back(
        [&] { EXPECT_THAT(Reassign(MoveOf({two}, kBob, kAda)), IsOk()); });
    there.join();
    also_there.join();
    back.join();
    EXPECT_THAT((std::vector<StatusCode>{first.code(), second.code()}),
                UnorderedElementsAre(StatusCode::kOk, StatusCode::kNotFound));
  }
  EXPECT_EQ(Total(Summary({kAda})), 20);
  EXPECT_EQ(Total(Summary({kBob})), 20);
  EXPECT_THAT(ListAll({kAda}), SizeIs(20));
}

TEST_F(ReassignmentTest, ACorrectionAtTheSameTimeIsNotLost) {
  for (int round = 0; round < 20; ++round) {
    const auto call = Reported(v1::KIND_CALL, absl::StrCat("call-", round));
    const v1::Interaction ringing =
        Recorded(Revision(1, v1::OUTCOME_UNSPECIFIED, call));
    std::thread correction([&] {
      EXPECT_THAT(Record(Revision(2, v1::OUTCOME_ANSWERED, call)), IsOk());
    });
    EXPECT_THAT(Reassign(MoveOf({ringing})), IsOk());
    correction.join();
  }
  EXPECT_THAT(ListAll({kAda}), IsEmpty());
  for (const v1::Interaction& call : ListAll({kBob})) {
    EXPECT_EQ(call.outcome(), v1::OUTCOME_ANSWERED);
  }
  EXPECT_EQ(Total(Summary({kBob})), 20);
}

}  // namespace
}  // namespace kith::interactions
