#include "interactions-svc/threads/thread_summary.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

v1::Thread Problem(const std::string& id, int64_t opened,
                   const std::string& topic = "delivery") {
  v1::Thread thread;
  thread.set_thread_id(id);
  thread.set_kind(v1::THREAD_KIND_PROBLEM);
  thread.set_state(v1::THREAD_STATE_OPEN);
  thread.set_topic(topic);
  *thread.mutable_opened_time() = base::ToProto(opened);
  return thread;
}

v1::Thread ResolvedProblem(v1::Thread thread) {
  thread.set_state(v1::THREAD_STATE_RESOLVED);
  thread.set_resolution(v1::RESOLUTION_ANSWERED);
  *thread.mutable_resolved_time() = base::ToProto(int64_t{99});
  return thread;
}

TEST(ThreadSummaryTest, CountsThreadsThatAreNotResolved) {
  v1::ActivitySummary summary;
  const v1::Thread open = Problem("a", 1);
  EXPECT_FALSE(AddEffect({.after = open}, summary));
  EXPECT_FALSE(AddEffect({.after = ResolvedProblem(Problem("b", 2))}, summary));
  EXPECT_EQ(summary.live_thread_count(), 1);
  EXPECT_FALSE(
      AddEffect({.before = open, .after = ResolvedProblem(open)}, summary));
  EXPECT_EQ(summary.live_thread_count(), 0);
}

TEST(ThreadSummaryTest, KeepsTheLastProblemOfEachTopicResolvedOrNot) {
  v1::ActivitySummary summary;
  AddEffect({.after = Problem("a", 5)}, summary);
  AddEffect({.after = Problem("b", 3)}, summary);
  AddEffect({.after = Problem("c", 4, "bill")}, summary);
  ASSERT_EQ(summary.last_problems_size(), 2);
  EXPECT_EQ(summary.last_problems(0).thread_id(), "a");
  EXPECT_EQ(summary.last_problems(1).thread_id(), "c");
  AddEffect(
      {.before = Problem("a", 5), .after = ResolvedProblem(Problem("a", 5))},
      summary);
  EXPECT_EQ(summary.last_problems(0).state(), v1::THREAD_STATE_RESOLVED);
  EXPECT_EQ(base::ToMicros(summary.last_problems(0).resolved_time()), 99);
}

TEST(ThreadSummaryTest, AQuestionIsNoProblem) {
  v1::ActivitySummary summary;
  v1::Thread question = Problem("a", 1);
  question.set_kind(v1::THREAD_KIND_QUESTION);
  AddEffect({.after = question}, summary);
  EXPECT_EQ(summary.last_problems_size(), 0);
}

TEST(ThreadSummaryTest, AsksForTheOneBeforeIfAProblemIsNoneAnyMore) {
  v1::ActivitySummary summary;
  const v1::Thread problem = Problem("a", 5);
  v1::Thread other = problem;
  other.set_topic("bill");
  EXPECT_TRUE(AddEffect({.before = problem, .after = other}, summary));
  v1::Thread question = problem;
  question.set_kind(v1::THREAD_KIND_QUESTION);
  EXPECT_TRUE(AddEffect({.before = problem, .after = question}, summary));
  EXPECT_TRUE(
      AddEffect({.before = problem, .after = Problem("a", 4)}, summary));
  SetLastProblems({Problem("b", 9), Problem("a", 4)}, summary);
  ASSERT_EQ(summary.last_problems_size(), 1);
  EXPECT_EQ(summary.last_problems(0).thread_id(), "b");
}

TEST(ThreadSummaryTest, HasAtMostTwentyTopics) {
  v1::ActivitySummary summary;
  for (int i = 0; i < 25; ++i) {
    AddEffect({.after = Problem(absl::StrCat("t", i), i, absl::StrCat(i))},
              summary);
  }
  EXPECT_EQ(summary.last_problems_size(), kMaxLastProblems);
  EXPECT_EQ(summary.last_problems(0).topic(), "24");
}

TEST(ThreadSummaryTest, CutsALongSubjectBetweenCharacters) {
  v1::ActivitySummary summary;
  v1::Thread thread = Problem("a", 1);
  for (int i = 0; i < 100; ++i) thread.mutable_subject()->append("\u20ac");
  AddEffect({.after = thread}, summary);
  EXPECT_EQ(summary.last_problems(0).subject(),
            thread.subject().substr(0, 198));
}

TEST(ThreadSummaryTest, TellsWhatIsOpenedAndChanged) {
  changes::v1::Change change;
  const v1::Thread open = Problem("a", 1);
  ASSERT_TRUE(TellEffect({.after = open}, change));
  EXPECT_EQ(change.thread_opened().kind(), v1::THREAD_KIND_PROBLEM);
  ASSERT_TRUE(
      TellEffect({.before = open, .after = ResolvedProblem(open)}, change));
  EXPECT_EQ(change.thread_changed().old_state(), v1::THREAD_STATE_OPEN);
  EXPECT_EQ(change.thread_changed().state(), v1::THREAD_STATE_RESOLVED);
}

TEST(ThreadSummaryTest, TellsNothingOfTimesAlone) {
  changes::v1::Change change;
  v1::Thread later = Problem("a", 1);
  *later.mutable_last_inbound_time() = base::ToProto(int64_t{7});
  later.set_etag("2");
  EXPECT_FALSE(TellEffect({.before = Problem("a", 1), .after = later}, change));
}

}  // namespace
}  // namespace kith::interactions
