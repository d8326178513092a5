// The RPCs of threads.

#include <set>
#include <string>
#include <thread>

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

class ThreadRpcsTest : public ThreadsFixture {};

TEST_F(ThreadRpcsTest, AThreadMadeByHandIsOpenSinceThen) {
  const auto created = Create("delivery");
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->contact_id(), kAda);
  EXPECT_EQ(created->kind(), v1::THREAD_KIND_PROBLEM);
  EXPECT_EQ(created->topic(), "delivery");
  EXPECT_EQ(created->state(), kOpen);
  const absl::Time now = harness_.clock().Now();
  EXPECT_EQ(base::FromProto(created->opened_time()), now);
  EXPECT_EQ(base::FromProto(created->first_unanswered_time()), now);
  EXPECT_EQ(created->etag(), "1");
  EXPECT_THAT(ToldOf(harness_.database(), kAda),
              ElementsAre("1 thread_opened", "2 action_opened"));
  auto answer = At(now, Answers("a"));
  answer.mutable_interaction()->set_topic("delivery");
  EXPECT_EQ(ThreadOf(answer), created->thread_id());
  EXPECT_EQ(Thread(created->thread_id()).state(), kWaiting);
}

TEST_F(ThreadRpcsTest, ARepeatedCreateIsOneThread) {
  const auto first = Create("delivery", "r-1");
  const auto again = Create("delivery", "r-1");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(first->thread_id(), again->thread_id());
  EXPECT_EQ(Rows("threads"), 1);
  EXPECT_THAT(Create("other", "r-1"),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST_F(ThreadRpcsTest, CreatesAtOnceWithOneRequestIdAreOneThread) {
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] { EXPECT_THAT(Create("x", "r-1"), IsOk()); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(Rows("threads"), 1);
}

TEST_F(ThreadRpcsTest, AnUpdateChangesTheFieldsOfItsMask) {
  v1::Thread thread = *Create("delivery");
  thread.set_topic("bill");
  thread.set_assignee("Dana");
  thread.set_kind(v1::THREAD_KIND_QUESTION);
  *thread.mutable_due_time() = base::ToProto(Noon() + absl::Hours(4));
  const auto updated = Update(thread, {"assignee", "due_time"});
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->assignee(), "Dana");
  EXPECT_EQ(base::FromProto(updated->due_time()), Noon() + absl::Hours(4));
  EXPECT_EQ(updated->topic(), "delivery");
  EXPECT_EQ(updated->kind(), v1::THREAD_KIND_PROBLEM);
  EXPECT_EQ(updated->etag(), "2");
}

TEST_F(ThreadRpcsTest, AStaleEtagIsAborted) {
  v1::Thread thread = *Create("delivery");
  thread.set_topic("bill");
  ASSERT_THAT(Update(thread, {"topic"}), IsOk());
  EXPECT_THAT(Update(thread, {"topic"}),
              StatusIs(StatusCode::kAborted, "read it again"));
  thread.clear_etag();
  EXPECT_THAT(Update(thread, {"topic"}), IsOk());
}

TEST_F(ThreadRpcsTest, AWordOfTheCustomerMakesAnEtagStale) {
  const std::string id = ThreadOf(Asks("q"));
  v1::Thread seen = Thread(id);
  ASSERT_EQ(ThreadOf(Asks("q2", 1)), id);
  seen.set_state(kResolved);
  seen.set_resolution(v1::RESOLUTION_ANSWERED);
  EXPECT_THAT(Update(seen, {"state"}),
              StatusIs(StatusCode::kAborted, "thread.etag: the thread was"));
  EXPECT_EQ(Thread(id).state(), kOpen);
}

TEST_F(ThreadRpcsTest, ARepeatedUpdateTakesEffectOnce) {
  v1::Thread thread = *Create("delivery");
  thread.set_topic("bill");
  ASSERT_THAT(Update(thread, {"topic"}, "r-1"), IsOk());
  const auto again = Update(thread, {"topic"}, "r-1");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->etag(), "2");
  thread.set_topic("other");
  EXPECT_THAT(Update(thread, {"topic"}, "r-1"),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST_F(ThreadRpcsTest, AResolvedThreadSaysWhyAndWhen) {
  const std::string id = ThreadOf(Asks("q"));
  harness_.clock().Advance(absl::Minutes(7));
  const auto resolved = SetState(id, kResolved, v1::RESOLUTION_NO_REPLY_NEEDED);
  ASSERT_THAT(resolved, IsOk());
  EXPECT_EQ(resolved->resolution(), v1::RESOLUTION_NO_REPLY_NEEDED);
  EXPECT_EQ(base::FromProto(resolved->resolved_time()), harness_.clock().Now());
  EXPECT_FALSE(resolved->has_first_unanswered_time());
  const auto open = SetState(id, kOpen);
  ASSERT_THAT(open, IsOk());
  EXPECT_EQ(open->resolution(), v1::RESOLUTION_UNSPECIFIED);
  EXPECT_EQ(open->reopen_count(), 0);
}

TEST_F(ThreadRpcsTest, WhatWasReadCanBeSentBack) {
  const auto created = Create("delivery");
  Resolve(created->thread_id());
  v1::Thread read = Thread(created->thread_id());
  read.set_assignee("Eve");
  const auto assigned = Update(read, {"assignee"});
  ASSERT_THAT(assigned, IsOk());
  EXPECT_EQ(assigned->resolution(), v1::RESOLUTION_ANSWERED);
  read = *assigned;
  read.set_state(v1::THREAD_STATE_OPEN);
  EXPECT_THAT(Update(read, {"state"}), IsOk());
  EXPECT_EQ(Thread(read.thread_id()).resolution(), v1::RESOLUTION_UNSPECIFIED);
}

TEST_F(ThreadRpcsTest, WhatIsNotThereIsNotFound) {
  EXPECT_THAT(Get(kBob), StatusIs(StatusCode::kNotFound, "thread_id"));
  EXPECT_THAT(SetState(kBob, kOpen),
              StatusIs(StatusCode::kNotFound, "thread.thread_id: "));
  const auto created = Create("delivery");
  const v1::Thread& thread = *created;
  EXPECT_THAT(Update(thread, {"topic"}, "", testing::kOther),
              StatusIs(StatusCode::kNotFound, "thread.thread_id: "));
  EXPECT_THAT(Get(thread.thread_id(), testing::kOther),
              StatusIs(StatusCode::kNotFound, "thread_id"));
  EXPECT_THAT(ListThreads({kAda}, {}, 0, "", testing::kOther).threads(),
              IsEmpty());
}

TEST_F(ThreadRpcsTest, LimitsAreChecked) {
  v1::Thread thread = *Create("delivery");
  EXPECT_THAT(Update(thread, {}),
              StatusIs(StatusCode::kInvalidArgument, "update_mask: empty"));
  EXPECT_THAT(Update(thread, {"opened_time"}),
              StatusIs(StatusCode::kInvalidArgument, "opened_time"));
  EXPECT_THAT(SetState(thread.thread_id(), kResolved),
              StatusIs(StatusCode::kInvalidArgument, "thread.resolution"));
  EXPECT_THAT(SetState(thread.thread_id(), kResolved, v1::RESOLUTION_EMPTY),
              StatusIs(StatusCode::kInvalidArgument, "thread.resolution"));
  EXPECT_THAT(SetState(thread.thread_id(), v1::THREAD_STATE_UNSPECIFIED),
              StatusIs(StatusCode::kInvalidArgument, "thread.state"));
  thread.set_topic(std::string(101, 't'));
  EXPECT_THAT(Update(thread, {"topic"}),
              StatusIs(StatusCode::kInvalidArgument, "thread.topic"));
  EXPECT_THAT(Create("x", "", v1::THREAD_KIND_UNSPECIFIED),
              StatusIs(StatusCode::kInvalidArgument, "thread.kind"));
  EXPECT_THAT(Create("x", "", v1::THREAD_KIND_INPUT, "nobody"),
              StatusIs(StatusCode::kInvalidArgument, "thread.contact_id"));
}

TEST_F(ThreadRpcsTest, TheInteractionsOfAThreadComeInPages) {
  const std::string id = ThreadOf(Asks("0"));
  for (int i = 1; i < 5; ++i) {
    ASSERT_EQ(ThreadOf(Asks(absl::StrCat(i), i)), id);
  }
  ASSERT_EQ(ThreadOf(Reported(v1::KIND_NOTE, "elsewhere")), "");
  std::vector<std::string> ids;
  std::string token;
  do {
    const auto page = Get(id, testing::kDemo, 2, token);
    ASSERT_THAT(page, IsOk());
    EXPECT_EQ(page->thread().thread_id(), id);
    for (const auto& one : page->interactions()) {
      ids.push_back(one.external_id());
      EXPECT_EQ(one.thread_id(), id);
    }
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_THAT(ids, ElementsAre("4", "3", "2", "1", "0"));
  EXPECT_THAT(Get(id, testing::kDemo, 2, "bad"),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

TEST_F(ThreadRpcsTest, ThreadsAreListedByStateNewestFirstOverAGroup) {
  std::vector<std::string> ids;
  for (int i = 0; i < 6; ++i) {
    ids.push_back(
        ThreadOf(About(absl::StrCat("t", i), v1::THREAD_KIND_INPUT,
                       Asks(absl::StrCat(i), i, i % 2 == 0 ? kAda : kBob))));
  }
  Resolve(ids[1]);
  Resolve(ids[4]);
  const auto of = [&](const std::vector<v1::ThreadState>& states) {
    std::vector<std::string> listed;
    std::string token;
    do {
      const auto page = ListThreads({kAda, kBob}, states, 2, token);
      for (const auto& thread : page.threads()) {
        listed.push_back(thread.topic());
      }
      token = page.next_page_token();
    } while (!token.empty());
    return listed;
  };
  EXPECT_THAT(of({}), ElementsAre("t5", "t4", "t3", "t2", "t1", "t0"));
  EXPECT_THAT(of({kOpen, kWaiting}), ElementsAre("t5", "t3", "t2", "t0"));
  EXPECT_THAT(of({kResolved}), ElementsAre("t4", "t1"));
  EXPECT_THAT(of({kWaiting}), IsEmpty());
}

TEST_F(ThreadRpcsTest, ATokenIsBoundToItsStates) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(Create(absl::StrCat("t", i)), IsOk());
  }
  const std::string token = ListThreads({kAda}, {kOpen}, 1).next_page_token();
  ASSERT_NE(token, "");
  v1::ListThreadsRequest request;
  request.add_sets()->add_contact_ids(kAda);
  request.mutable_sets(0)->set_page_token(token);
  EXPECT_THAT(harness_.Call(&Stub::ListThreads, request),
              StatusIs(StatusCode::kInvalidArgument, "page_token"));
}

TEST_F(ThreadRpcsTest, AContinuedThreadIsNotListedBesideItsContinuation) {
  const std::string first = ThreadOf(Replying("<1@a>", {}, Asks("1")));
  Resolve(first);
  harness_.clock().Advance(absl::Hours(24 * 15));
  const std::string second =
      ThreadOf(Replying("<2@a>", {"<1@a>"}, Asks("2", 60 * 24 * 15)));
  const auto listed = ListThreads({kAda});
  ASSERT_THAT(listed.threads(), SizeIs(1));
  EXPECT_EQ(listed.threads(0).thread_id(), second);
}

TEST_F(ThreadRpcsTest, AGroupShowsAChainOverItsContactsAsOne) {
  const std::string ada = ThreadOf(Replying("<1@a>", {}, Asks("1")));
  const std::string bob =
      ThreadOf(Replying("<2@b>", {"<1@a>"}, Asks("2", 1, kBob)));
  ASSERT_EQ(ThreadOf(Answers("3", 2, kBob)), bob);
  const auto group = ListThreads({kAda, kBob});
  ASSERT_THAT(group.threads(), SizeIs(1));
  EXPECT_EQ(group.threads(0).thread_id(), bob);
  EXPECT_THAT(group.threads(0).part_ids(), ElementsAre(ada));
  EXPECT_EQ(group.threads(0).state(), kOpen);
  EXPECT_THAT(Activity({kAda, kBob}).threads(), SizeIs(1));
  // Once they are taken apart, each is what it was.
  EXPECT_EQ(ListThreads({kBob}).threads(0).state(), kWaiting);
  EXPECT_EQ(ListThreads({kAda}).threads(0).thread_id(), ada);
}

TEST_F(ThreadRpcsTest, OfMoreThanFiftyThreadsTheViewSaysSo) {
  for (int i = 0; i < 51; ++i) {
    ASSERT_THAT(Create(absl::StrCat("t", i), "", v1::THREAD_KIND_INPUT),
                IsOk());
  }
  const auto activity = Activity({kAda});
  EXPECT_THAT(activity.threads(), SizeIs(50));
  EXPECT_TRUE(activity.more_threads());
  EXPECT_FALSE(activity.threads_cut());
}

// Threads that are as long as may be: more than 4 KiB.
class LongThreadsTest : public ThreadsFixture {
 protected:
  void CreateLong(int count, const char* contact_id) {
    // Three bytes a character.
    std::string character = "\xe2\x82\xac";
    v1::CreateThreadRequest request;
    v1::Thread& thread = *request.mutable_thread();
    thread.set_contact_id(contact_id);
    thread.set_kind(v1::THREAD_KIND_INPUT);
    for (int i = 0; i < 1000; ++i) thread.mutable_subject()->append(character);
    for (int i = 0; i < 320; ++i) thread.mutable_assignee()->append(character);
    for (int i = 0; i < count; ++i) {
      ASSERT_THAT(harness_.Call(&Stub::CreateThread, request), IsOk());
    }
  }
};

TEST_F(LongThreadsTest, AViewSaysWhereTheAnswerHadNoRoom) {
  CreateLong(60, kAda);
  CreateLong(30, kBob);
  v1::BatchGetActivityRequest request;
  request.add_sets()->add_contact_ids(kAda);
  request.add_sets()->add_contact_ids(kBob);
  request.add_sets()->add_contact_ids(kBob);
  const auto got = GetActivity(request);
  ASSERT_THAT(got, IsOk());
  // More than the 50 of a view, which is all that it gets alone as well.
  EXPECT_THAT(got->results(0).threads(), SizeIs(50));
  EXPECT_TRUE(got->results(0).more_threads());
  EXPECT_FALSE(got->results(0).threads_cut());
  EXPECT_GT(got->results(1).threads_size(), 0);
  for (const int i : {1, 2}) {
    EXPECT_LT(got->results(i).threads_size(), 30);
    EXPECT_TRUE(got->results(i).more_threads());
    EXPECT_TRUE(got->results(i).threads_cut());
  }
  EXPECT_THAT(Activity({kBob}).threads(), SizeIs(30));
  EXPECT_FALSE(Activity({kBob}).threads_cut());
}

TEST_F(LongThreadsTest, AListFitsIntoAnAnswer) {
  constexpr int kCount = 450;
  CreateLong(kCount, kAda);
  CreateLong(kCount, kBob);
  v1::ListThreadsRequest request;
  request.add_sets()->add_contact_ids(kAda);
  request.add_sets()->add_contact_ids(kBob);
  request.set_page_size(500);
  std::set<std::string> ids;
  for (int pages = 1; !request.sets().empty(); ++pages) {
    ASSERT_LE(pages, 3);
    const auto listed = harness_.Call(&Stub::ListThreads, request);
    ASSERT_THAT(listed, IsOk());
    EXPECT_LE(listed->ByteSizeLong(), size_t{3 << 20} + 10'000);
    v1::ListThreadsRequest next;
    next.set_page_size(500);
    for (int i = 0; i < listed->results_size(); ++i) {
      const auto& result = listed->results(i);
      for (const auto& thread : result.threads()) {
        EXPECT_TRUE(ids.insert(thread.thread_id()).second);
      }
      if (result.next_page_token().empty()) continue;
      *next.add_sets() = request.sets(i);
      next.mutable_sets(next.sets_size() - 1)
          ->set_page_token(result.next_page_token());
    }
    request = next;
  }
  EXPECT_THAT(ids, SizeIs(2 * kCount));
}

TEST_F(ThreadRpcsTest, UpdatesAtOnceAreAllMade) {
  const std::string id = Create("delivery")->thread_id();
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      v1::Thread thread;
      thread.set_thread_id(id);
      thread.set_topic(absl::StrCat("t", i));
      EXPECT_THAT(Update(thread, {"topic"}), IsOk());
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(Thread(id).etag(), "9");
  ASSERT_THAT(Activity({kAda}).last_problems(), SizeIs(1));
  EXPECT_EQ(Activity({kAda}).last_problems(0).topic(), Thread(id).topic());
}

}  // namespace
}  // namespace kith::interactions
