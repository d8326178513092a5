// How what is recorded finds, opens and moves threads. The rules themselves are
// tested in threads/.

#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/testing/outbox_rows.h"
#include "gmock/gmock.h"
#include "interactions-svc/threads_fixture.h"

namespace kith::interactions {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::ToldOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ThreadsTest : public ThreadsFixture {};

TEST_F(ThreadsTest, AQuestionOpensAThreadAndItsAnswerWaits) {
  v1::RecordInteractionRequest question = Asks("q");
  question.mutable_interaction()->set_subject("My order");
  const std::string id = ThreadOf(question);
  ASSERT_NE(id, "");
  v1::Thread thread = Thread(id);
  EXPECT_EQ(thread.contact_id(), kAda);
  EXPECT_EQ(thread.kind(), v1::THREAD_KIND_QUESTION);
  EXPECT_EQ(thread.subject(), "My order");
  EXPECT_EQ(thread.state(), v1::THREAD_STATE_OPEN);
  EXPECT_EQ(base::FromProto(thread.first_unanswered_time()), Noon());
  EXPECT_EQ(ThreadOf(Answers("a", 5)), id);
  thread = Thread(id);
  EXPECT_EQ(thread.state(), v1::THREAD_STATE_WAITING);
  EXPECT_FALSE(thread.has_first_unanswered_time());
  EXPECT_EQ(base::FromProto(thread.first_answer_time()),
            Noon() + absl::Minutes(5));
}

TEST_F(ThreadsTest, WhatMovesNothingIsInNoThreadByItself) {
  ASSERT_NE(ThreadOf(Asks("q")), "");
  EXPECT_EQ(ThreadOf(Reported(v1::KIND_NOTE, "note")), "");
  EXPECT_EQ(ThreadOf(Reported(v1::KIND_PURCHASE, "purchase")), "");
  v1::RecordInteractionRequest automated = Asks("automated", 1);
  automated.mutable_interaction()->set_automated(true);
  EXPECT_EQ(ThreadOf(automated), "");
  EXPECT_EQ(Rows("threads"), 1);
}

TEST_F(ThreadsTest, ANoteThatNamesItsThreadIsShownInItAndMovesNothing) {
  const std::string id = ThreadOf(Asks("q"));
  const v1::Thread before = Thread(id);
  v1::RecordInteractionRequest note = Reported(v1::KIND_NOTE, "note");
  note.mutable_interaction()->set_thread_id(id);
  EXPECT_EQ(ThreadOf(note), id);
  EXPECT_EQ(Thread(id).etag(), before.etag());
  EXPECT_EQ(Get(id)->interactions_size(), 2);
}

TEST_F(ThreadsTest, ANamedThreadThatIsNoneIsNoFault) {
  v1::RecordInteractionRequest note = Reported(v1::KIND_NOTE, "note");
  note.mutable_interaction()->set_thread_id(kBob);
  EXPECT_EQ(ThreadOf(note), "");
}

TEST_F(ThreadsTest, AReplyFindsItsThreadByTheMessage) {
  const std::string first = ThreadOf(Replying("<1@a>", {}, Asks("1")));
  Resolve(first);
  const std::string second =
      ThreadOf(About("bill", v1::THREAD_KIND_PROBLEM, Asks("2", 1)));
  EXPECT_NE(first, second);
  EXPECT_EQ(ThreadOf(Replying("<3@a>", {"<1@a>"}, Asks("3", 2))), first);
  EXPECT_EQ(Thread(first).reopen_count(), 1);
  EXPECT_EQ(ThreadOf(Replying("<4@a>", {"<3@a>"}, Answers("4", 3))), first);
}

TEST_F(ThreadsTest, AConversationLeadsToTheThreadThatItWentOnIn) {
  const auto chat = [](v1::RecordInteractionRequest request) {
    request.mutable_interaction()->set_conversation_id("chat-1");
    request.mutable_interaction()->set_kind(v1::KIND_MESSAGE);
    request.mutable_interaction()->clear_identity_key();
    return request;
  };
  const std::string first = ThreadOf(chat(Asks("1")));
  EXPECT_EQ(ThreadOf(chat(Answers("2", 1))), first);
  Resolve(first);
  harness_.clock().Advance(absl::Hours(24 * 15));
  const std::string second = ThreadOf(chat(Asks("3", 60 * 24 * 15)));
  EXPECT_NE(second, first);
  EXPECT_EQ(Thread(second).continues_thread_id(), first);
  EXPECT_EQ(Thread(first).continued_by_thread_id(), second);
  EXPECT_EQ(Thread(first).state(), v1::THREAD_STATE_RESOLVED);
  EXPECT_EQ(ThreadOf(chat(Asks("4", 60 * 24 * 15 + 1))), second);
}

TEST_F(ThreadsTest, AnOlderEndLeadsToTheLivingOne) {
  const std::string first = ThreadOf(Replying("<1@a>", {}, Asks("1")));
  Resolve(first);
  harness_.clock().Advance(absl::Hours(24 * 15));
  const int later = 60 * 24 * 15;
  const std::string second =
      ThreadOf(Replying("<2@a>", {"<1@a>"}, Asks("2", later)));
  ASSERT_NE(second, first);
  EXPECT_EQ(ThreadOf(Replying("<3@a>", {"<1@a>"}, Asks("3", later + 1))),
            second);
  EXPECT_EQ(Thread(first).state(), v1::THREAD_STATE_RESOLVED);
}

// A message of a chat of several, in the source `source`.
v1::RecordInteractionRequest Chat(absl::string_view source,
                                  v1::RecordInteractionRequest request) {
  v1::Interaction& interaction = *request.mutable_interaction();
  interaction.set_kind(v1::KIND_MESSAGE);
  interaction.set_source(std::string(source));
  interaction.set_conversation_id("chat-1");
  return request;
}

TEST_F(ThreadsTest, EachOfAGroupChatReopensTheirOwn) {
  const std::string ada = ThreadOf(Chat("chat", Asks("1")));
  Resolve(ada);
  const std::string bob = ThreadOf(Chat("chat", Asks("2", 1, kBob)));
  EXPECT_EQ(Thread(bob).continues_thread_id(), ada);
  EXPECT_EQ(ThreadOf(Chat("chat", Asks("3", 2))), ada);
  EXPECT_EQ(Thread(ada).reopen_count(), 1);
}

TEST_F(ThreadsTest, IdsOfPostsAreToldApartByTheirSource) {
  const auto post = [](absl::string_view source,
                       v1::RecordInteractionRequest request) {
    request.mutable_interaction()->set_kind(v1::KIND_SOCIAL_POST);
    request.mutable_interaction()->set_source(std::string(source));
    return request;
  };
  const std::string first =
      ThreadOf(Replying("7", {}, post("instagram", Asks("1"))));
  const std::string other =
      ThreadOf(Replying("8", {"7"}, post("facebook", Asks("2", 1, kBob))));
  EXPECT_EQ(Thread(other).continues_thread_id(), "");
  const std::string reply =
      ThreadOf(Replying("9", {"7"}, post("instagram", Asks("3", 2, kBob))));
  EXPECT_EQ(reply, other);
  Resolve(first);
  EXPECT_EQ(ThreadOf(Replying("9", {"7"}, post("instagram", Asks("4", 3)))),
            first);
}

TEST_F(ThreadsTest, AnAnswerToAnotherContactsThreadIsInNone) {
  const std::string ada = ThreadOf(Asks("1"));
  const std::string bob = ThreadOf(Asks("2", 0, kBob));
  v1::RecordInteractionRequest answer = Answers("a", 1);
  answer.mutable_interaction()->set_thread_id(bob);
  EXPECT_EQ(ThreadOf(answer), "");
  EXPECT_EQ(Thread(ada).state(), v1::THREAD_STATE_OPEN);
  EXPECT_EQ(Thread(bob).state(), v1::THREAD_STATE_OPEN);
}

TEST_F(ThreadsTest, WhatWasSaidLongAgoDoesNotMoveTodaysThread) {
  const std::string today = ThreadOf(Asks("q", 120));
  const v1::Thread before = Thread(today);
  EXPECT_NE(ThreadOf(Asks("old", 0)), today);
  EXPECT_EQ(Thread(today).etag(), before.etag());
  EXPECT_EQ(ThreadOf(Asks("late", 60)), today);
}

TEST_F(ThreadsTest, AWordWithATimeToComeHidesNothingUntilThen) {
  const int now = 60 * 12;
  const std::string id = ThreadOf(Asks("q", now - 2));
  // By a clock that is two hours ahead.
  EXPECT_EQ(ThreadOf(Answers("a", now + 120)), id);
  EXPECT_EQ(Thread(id).state(), v1::THREAD_STATE_WAITING);
  harness_.clock().Advance(absl::Minutes(1));
  EXPECT_EQ(ThreadOf(Asks("more", now + 1)), id);
  EXPECT_EQ(Thread(id).state(), v1::THREAD_STATE_OPEN);
  EXPECT_EQ(ThreadOf(Asks("late", now - 1)), id);
  EXPECT_EQ(Thread(id).state(), v1::THREAD_STATE_OPEN);
  EXPECT_EQ(base::FromProto(Thread(id).first_unanswered_time()),
            Noon() + absl::Minutes(now + 1));
}

TEST_F(ThreadsTest, ACorrectionOfWhatWasAWordOpensNone) {
  v1::RecordInteractionRequest lead = Asks("lead");
  lead.mutable_interaction()->set_purpose(v1::PURPOSE_SALES);
  ASSERT_EQ(ThreadOf(lead), "");
  lead.mutable_interaction()->set_purpose(v1::PURPOSE_SERVICE);
  EXPECT_EQ(ThreadOf(Revision(1, v1::OUTCOME_UNSPECIFIED, lead)), "");
  const std::string id = ThreadOf(Replying("<1@a>", {}, Asks("q", 1)));
  EXPECT_EQ(ThreadOf(Revision(2, v1::OUTCOME_UNSPECIFIED, lead)), "");
  EXPECT_EQ(ThreadOf(Revision(3, v1::OUTCOME_UNSPECIFIED,
                              Replying("", {"<1@a>"}, lead))),
            id);
}

TEST_F(ThreadsTest, AConversationThatACorrectionTellsLeadsToTheThread) {
  const std::string id = ThreadOf(Asks("q"));
  auto told = Asks("q");
  told.mutable_interaction()->set_conversation_id("chat-1");
  ASSERT_EQ(ThreadOf(Revision(1, v1::OUTCOME_UNSPECIFIED, told)), id);
  Resolve(id);
  auto again = Asks("r", 1);
  again.mutable_interaction()->set_conversation_id("chat-1");
  again.mutable_interaction()->clear_identity_key();
  EXPECT_EQ(ThreadOf(again), id);
}

TEST_F(ThreadsTest, AnImportFromTheNewestToTheOldestIsFoldedByTime) {
  const std::string id = ThreadOf(Replying("<0@a>", {}, Asks("0", 9)));
  std::vector<v1::RecordInteractionRequest> batch;
  for (int minute = 8; minute > 0; --minute) {
    const std::string name = absl::StrCat(minute);
    batch.push_back(
        Replying(absl::StrCat("<", name, "@a>"), {"<0@a>"},
                 minute % 2 == 0 ? Answers(name, minute) : Asks(name, minute)));
  }
  // Revised within the batch.
  batch.push_back(Revision(1, v1::OUTCOME_FAILED, batch[0]));
  ASSERT_THAT(BatchRecord(batch), IsOk());
  const v1::Thread thread = Thread(id);
  EXPECT_EQ(thread.state(), v1::THREAD_STATE_OPEN);
  // The answer of minute 8 has failed: 7 and 9 wait.
  EXPECT_EQ(base::FromProto(thread.first_unanswered_time()),
            Noon() + absl::Minutes(7));
  EXPECT_EQ(base::FromProto(thread.opened_time()), Noon() + absl::Minutes(1));
  EXPECT_EQ(base::FromProto(thread.last_outbound_time()),
            Noon() + absl::Minutes(6));
}

TEST_F(ThreadsTest, AForwardedMailOpensOneOfItsOwn) {
  const std::string ada = ThreadOf(Replying("<1@a>", {}, Asks("1")));
  const v1::Thread before = Thread(ada);
  const std::string bob =
      ThreadOf(Replying("<2@b>", {"<1@a>"}, Asks("2", 1, kBob)));
  EXPECT_NE(bob, ada);
  EXPECT_EQ(Thread(bob).contact_id(), kBob);
  EXPECT_EQ(Thread(bob).continues_thread_id(), ada);
  EXPECT_EQ(Thread(ada).etag(), before.etag());
  EXPECT_EQ(ThreadOf(Replying("<3@b>", {"<1@a>"}, Asks("3", 2, kBob))), bob);
}

TEST_F(ThreadsTest, TwoMachinesThatAnswerEachOtherReopenItThreeTimes) {
  const std::string id = ThreadOf(Replying("<0@a>", {}, Asks("0")));
  for (int i = 1; i <= 5; ++i) {
    Resolve(id);
    harness_.clock().Advance(absl::Minutes(1));
    EXPECT_EQ(ThreadOf(Replying(absl::StrCat("<", i, "@a>"), {"<0@a>"},
                                Asks(absl::StrCat(i), i))),
              id);
  }
  const v1::Thread thread = Thread(id);
  EXPECT_EQ(thread.reopen_count(), 3);
  EXPECT_EQ(thread.state(), v1::THREAD_STATE_RESOLVED);
  EXPECT_EQ(base::FromProto(thread.held_time()), Noon() + absl::Minutes(5));
  harness_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(ThreadOf(Replying("<6@a>", {"<0@a>"}, Asks("6", 6))), id);
  EXPECT_EQ(Thread(id).state(), v1::THREAD_STATE_OPEN);
}

TEST_F(ThreadsTest, ACorrectedCallOpensItsThreadOnceItIsAnswered) {
  v1::RecordInteractionRequest call = Asks("call");
  call.mutable_interaction()->set_kind(v1::KIND_CALL);
  EXPECT_EQ(ThreadOf(Revision(1, v1::OUTCOME_UNSPECIFIED, call)), "");
  const std::string id = ThreadOf(Revision(2, v1::OUTCOME_ANSWERED, call));
  ASSERT_NE(id, "");
  EXPECT_EQ(Thread(id).state(), v1::THREAD_STATE_OPEN);
  EXPECT_EQ(ThreadOf(Revision(3, v1::OUTCOME_MISSED, call)), id);
  EXPECT_EQ(Thread(id).resolution(), v1::RESOLUTION_EMPTY);
  EXPECT_THAT(Activity({kAda}).threads(), IsEmpty());
  EXPECT_EQ(ThreadOf(Revision(4, v1::OUTCOME_ANSWERED, call)), id);
  EXPECT_EQ(Thread(id).state(), v1::THREAD_STATE_OPEN);
}

TEST_F(ThreadsTest, AnAnswerThatBouncedIsNone) {
  const std::string id = ThreadOf(Asks("q"));
  const auto answer = Answers("a", 5);
  ASSERT_EQ(ThreadOf(Revision(1, v1::OUTCOME_UNSPECIFIED, answer)), id);
  EXPECT_EQ(Thread(id).state(), v1::THREAD_STATE_WAITING);
  ASSERT_EQ(ThreadOf(Revision(2, v1::OUTCOME_FAILED, answer)), id);
  const v1::Thread thread = Thread(id);
  EXPECT_EQ(thread.state(), v1::THREAD_STATE_OPEN);
  EXPECT_EQ(base::FromProto(thread.first_unanswered_time()), Noon());
  EXPECT_FALSE(thread.has_last_outbound_time());
}

TEST_F(ThreadsTest, AReplyFindsItsThreadByAMessageThatGotItsIdLater) {
  const std::string id = ThreadOf(Asks("q"));
  ASSERT_EQ(ThreadOf(Answers("a", 1)), id);
  auto sent = Replying("<1@kith>", {}, Answers("a", 1));
  ASSERT_EQ(ThreadOf(Revision(1, v1::OUTCOME_UNSPECIFIED, sent)), id);
  Resolve(id);
  EXPECT_EQ(ThreadOf(Replying("<2@a>", {"<1@kith>"}, Asks("r", 2))), id);
  EXPECT_EQ(Thread(id).state(), v1::THREAD_STATE_OPEN);
}

TEST_F(ThreadsTest, WhatTheOpenerSaysIsCorrectedInItsThread) {
  const auto opener = About("delivery", v1::THREAD_KIND_PROBLEM, Asks("q"));
  const std::string id = ThreadOf(opener);
  auto corrected = About("bill", v1::THREAD_KIND_QUESTION, opener);
  corrected.mutable_interaction()->set_source_revision(1);
  EXPECT_EQ(ThreadOf(corrected), id);
  EXPECT_EQ(Thread(id).topic(), "bill");
  EXPECT_EQ(Thread(id).kind(), v1::THREAD_KIND_QUESTION);
  EXPECT_THAT(Activity({kAda}).last_problems(), IsEmpty());
}

TEST_F(ThreadsTest, ARepeatMovesNothing) {
  const auto question = Asks("q");
  const std::string id = ThreadOf(question);
  EXPECT_EQ(ThreadOf(Answers("a", 1)), id);
  const v1::Thread before = Thread(id);
  EXPECT_EQ(ThreadOf(question), id);
  EXPECT_EQ(Thread(id).etag(), before.etag());
}

TEST_F(ThreadsTest, TheItemsOfABatchFindWhatThoseBeforeOpened) {
  const auto recorded = BatchRecord(
      {Asks("1"), Answers("2", 1), Asks("3", 2), Asks("4", 3, kBob)});
  ASSERT_THAT(recorded, IsOk());
  const auto& results = recorded->results();
  std::set<std::string> ids;
  for (const auto& result : results) {
    ids.insert(result.response().interaction().thread_id());
  }
  EXPECT_THAT(ids, SizeIs(2));
  EXPECT_EQ(results[0].response().interaction().thread_id(),
            results[2].response().interaction().thread_id());
  EXPECT_EQ(Rows("threads"), 2);
}

TEST_F(ThreadsTest, ALateWordOfALongThreadIsPutInItsPlace) {
  harness_.clock().Advance(absl::Hours(12));
  for (int batch = 0; batch < 3; ++batch) {
    std::vector<v1::RecordInteractionRequest> words;
    for (int i = batch * 400; i < (batch + 1) * 400; ++i) {
      words.push_back(Asks(absl::StrCat(i), i));
    }
    ASSERT_THAT(BatchRecord(words), IsOk());
  }
  auto answer = Answers("a");
  answer = At(Noon() + absl::Minutes(1100) + absl::Seconds(1), answer);
  const v1::Thread thread = Thread(ThreadOf(answer));
  EXPECT_EQ(thread.state(), v1::THREAD_STATE_OPEN);
  EXPECT_EQ(base::FromProto(thread.first_unanswered_time()),
            Noon() + absl::Minutes(1101));
  EXPECT_EQ(base::FromProto(thread.opened_time()), Noon());
}

TEST_F(ThreadsTest, MessagesAtOnceAreOneThread) {
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back(
        [&, i] { EXPECT_THAT(Record(Asks(absl::StrCat("m", i), i)), IsOk()); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(Rows("threads"), 1);
  const auto activity = Activity({kAda});
  ASSERT_THAT(activity.threads(), SizeIs(1));
  const v1::Thread& thread = activity.threads(0);
  EXPECT_EQ(base::FromProto(thread.first_unanswered_time()), Noon());
  EXPECT_EQ(Get(thread.thread_id())->interactions_size(), 8);
}

TEST_F(ThreadsTest, RepliesOfSeveralContactsAtOnceAreOfOneThreadEach) {
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      EXPECT_THAT(Record(Replying(
                      "<1@list>", {"<0@list>"},
                      Asks(absl::StrCat("m", i), i, i % 2 == 0 ? kAda : kBob))),
                  IsOk());
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(Rows("threads"), 2);
  EXPECT_EQ(Rows("thread_refs"), 1);
  EXPECT_EQ(Rows("contact_refs"), 2);
}

TEST_F(ThreadsTest, ThreadsAreToldInTheFeed) {
  const std::string id = ThreadOf(Asks("q"));
  ASSERT_EQ(ThreadOf(Asks("q2", 1)), id);
  ASSERT_EQ(ThreadOf(Answers("a", 2)), id);
  Resolve(id);
  EXPECT_THAT(ToldOf(harness_.database(), kAda),
              ElementsAre("1 interaction_recorded", "2 thread_opened",
                          "3 action_opened", "4 interaction_recorded",
                          "5 interaction_recorded", "6 thread_changed",
                          "7 action_ended", "8 thread_changed"));
}

TEST_F(ThreadsTest, AnotherTenantsReferencesLeadNowhere) {
  const auto mine = Replying("<1@a>", {}, Asks("1"));
  const std::string id = ThreadOf(mine);
  auto theirs = Replying("<2@a>", {"<1@a>"}, Asks("2"));
  theirs.mutable_interaction()->set_thread_id(id);
  const std::string other = ThreadOf(theirs, testing::kOther);
  EXPECT_NE(other, id);
  EXPECT_EQ(Get(id, testing::kOther).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(Get(id)->interactions_size(), 1);
  EXPECT_EQ(Get(other, testing::kOther)->thread().continues_thread_id(), "");
}

TEST_F(ThreadsTest, TheViewHasThreadsThatAreNotResolvedAndLastProblems) {
  const std::string bill =
      ThreadOf(About("bill", v1::THREAD_KIND_PROBLEM, Asks("1")));
  Resolve(bill);
  const std::string delivery =
      ThreadOf(About("delivery", v1::THREAD_KIND_PROBLEM, Asks("2", 1, kBob)));
  for (int i = 0; i < 30; ++i) {
    auto newsletter = Answers(absl::StrCat("n", i), 10 + i);
    newsletter.mutable_interaction()->set_purpose(v1::PURPOSE_MARKETING);
    ASSERT_EQ(ThreadOf(newsletter), "");
  }
  const auto activity = Activity({kAda, kBob});
  ASSERT_THAT(activity.threads(), SizeIs(1));
  EXPECT_EQ(activity.threads(0).thread_id(), delivery);
  EXPECT_FALSE(activity.more_threads());
  ASSERT_THAT(activity.last_problems(), SizeIs(2));
  EXPECT_EQ(activity.last_problems(0).topic(), "delivery");
  EXPECT_EQ(activity.last_problems(1).thread_id(), bill);
  EXPECT_EQ(activity.last_problems(1).state(), v1::THREAD_STATE_RESOLVED);
  EXPECT_FALSE(activity.summary().live_thread_count());
  EXPECT_THAT(activity.summary().last_problems(), IsEmpty());
}

// What a view shows is kept beside the summary when it is recorded.
class ThreadsOfViewsTest : public ThreadsFixture {
 protected:
  // The thread of the interaction as a view shows it.
  std::string ShownThread(const std::string& external_id) {
    const auto activity = Activity({kAda});
    for (const v1::Interaction& one : activity.interactions()) {
      if (one.external_id() == external_id) return one.thread_id();
    }
    ADD_FAILURE() << external_id << " is not shown";
    return "";
  }
};

TEST_F(ThreadsOfViewsTest, ALateWordAndACorrectionAreShownInTheirThread) {
  v1::RecordInteractionRequest automated = Asks("first");
  automated.mutable_interaction()->set_automated(true);
  ASSERT_EQ(ThreadOf(automated), "");
  EXPECT_EQ(ShownThread("first"), "");
  const std::string id = ThreadOf(Asks("q", 10));
  ASSERT_EQ(ThreadOf(Answers("late", 5)), id);
  EXPECT_EQ(ShownThread("late"), id);
  // It was a person after all, so it belongs to a thread from now on.
  v1::RecordInteractionRequest corrected = Asks("first");
  corrected.mutable_interaction()->set_source_revision(1);
  ASSERT_EQ(ThreadOf(corrected), id);
  EXPECT_EQ(ShownThread("first"), id);
  // One that moves to another time stays in its thread.
  v1::RecordInteractionRequest moved = Asks("q", 20);
  moved.mutable_interaction()->set_source_revision(1);
  ASSERT_EQ(ThreadOf(moved), id);
  EXPECT_EQ(ShownThread("q"), id);
  ExpectViewAsListed({kAda}, 20);
}

TEST_F(ThreadsOfViewsTest, WhatReopensAThreadIsShownInIt) {
  const std::string id = ThreadOf(Replying("<q@x>", {}, Asks("q")));
  Resolve(id);
  ASSERT_EQ(ThreadOf(Replying("<r@x>", {"<q@x>"}, Asks("again", 30))), id);
  EXPECT_EQ(Thread(id).state(), v1::THREAD_STATE_OPEN);
  EXPECT_EQ(ShownThread("q"), id);
  EXPECT_EQ(ShownThread("again"), id);
  ExpectViewAsListed({kAda}, 20);
}

TEST_F(ThreadsOfViewsTest, AViewHasTheThreadsOfAListWhateverHappened) {
  std::mt19937_64 random(7);
  std::map<std::string, int64_t> revisions;
  std::set<std::string> threads;
  for (int step = 0; step < 150; ++step) {
    const std::string external_id = absl::StrCat("x-", random() % 60);
    const char* const contact = external_id.back() % 2 == 0 ? kAda : kBob;
    const int minute = static_cast<int>(random() % 500);
    auto request = random() % 3 == 0 ? Answers(external_id, minute, contact)
                                     : Asks(external_id, minute, contact);
    v1::Interaction& one = *request.mutable_interaction();
    one.set_automated(random() % 4 == 0);
    one.set_topic(absl::StrCat("topic-", random() % 3));
    if (random() % 2 == 0) {
      one.set_conversation_id(absl::StrCat(contact, "/", random() % 3));
    }
    one.set_source_revision(++revisions[external_id]);
    const std::string id = ThreadOf(request);
    if (!id.empty()) threads.insert(id);
    if (!id.empty() && random() % 3 == 0) Resolve(id);
    const auto page_size = static_cast<int32_t>(1 + random() % 20);
    ExpectViewAsListed({kAda}, page_size);
    ExpectViewAsListed({kAda, kBob}, page_size);
  }
  EXPECT_GT(threads.size(), size_t{4});
}

TEST_F(ThreadsTest,
       WhatIsAcknowledgedMovesItsThreadThoughConnectionsAreKilled) {
  ASSERT_NE(ThreadOf(Asks("first", -1)), "");
  std::vector<std::thread> callers;
  for (int t = 0; t < 4; ++t) {
    callers.emplace_back([&, t] {
      for (int i = 0; i < 15; ++i) {
        const auto request = t % 2 == 0 ? Asks(absl::StrCat(t, "-", i), i)
                                        : Answers(absl::StrCat(t, "-", i), i);
        // As a client would: the same request until it is answered.
        while (!Record(request).ok()) {
        }
        if (t == 0 && i % 5 == 0) harness_.database().KillSessions();
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  auto last = Asks("last", 60);
  absl::StatusOr<v1::RecordInteractionResponse> recorded = Record(last);
  while (!recorded.ok()) recorded = Record(last);
  EXPECT_EQ(Rows("threads"), 1);
  absl::StatusOr<v1::GetThreadResponse> got;
  do {
    got = Get(recorded->interaction().thread_id());
  } while (!got.ok());
  EXPECT_EQ(got->thread().state(), v1::THREAD_STATE_OPEN);
  EXPECT_EQ(base::FromProto(got->thread().last_outbound_time()),
            Noon() + absl::Minutes(14));
}

}  // namespace
}  // namespace kith::interactions
