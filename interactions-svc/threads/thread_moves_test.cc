#include "interactions-svc/threads/thread_moves.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using base::Uuid;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using Mark = internal::v1::ThreadMark;

Uuid Id(int number) {
  return *Uuid::Parse(
      absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-", 100000000000 + number));
}

ThreadEntry Entry(int number, int64_t micros, Word word = Word::kInbound,
                  uint32_t marks = 0) {
  return {.occurred_micros = micros,
          .interaction_id = Id(number),
          .word = word,
          .marks = marks};
}

Mark MarkOf(uint32_t number, v1::ThreadState state, int64_t micros,
            int64_t unanswered = 0) {
  Mark mark;
  mark.set_number(number);
  mark.set_state(state);
  mark.set_micros(micros);
  if (unanswered > 0) mark.set_unanswered_micros(unanswered);
  return mark;
}

v1::SplitThreadRequest ByIds(std::initializer_list<int> numbers) {
  v1::SplitThreadRequest request;
  for (const int number : numbers) {
    request.add_interaction_ids(Id(number).ToString());
  }
  return request;
}

v1::SplitThreadRequest From(int number) {
  v1::SplitThreadRequest request;
  request.set_from_interaction_id(Id(number).ToString());
  return request;
}

TEST(ThreadMovesTest, ASplitTakesWhatItNames) {
  const std::vector<ThreadEntry> entries = {Entry(1, 10), Entry(2, 20),
                                            Entry(3, 30)};
  EXPECT_THAT(*SplitOff(ByIds({3, 1, 3}), entries), ElementsAre(Id(1), Id(3)));
  EXPECT_THAT(SplitOff(ByIds({1, 4}), entries),
              StatusIs(StatusCode::kNotFound, "interaction_ids"));
  EXPECT_THAT(SplitOff(ByIds({1, 2, 3}), entries),
              StatusIs(StatusCode::kFailedPrecondition, "must stay"));
}

TEST(ThreadMovesTest, ASplitTakesWhatOccurredFromOneOn) {
  const std::vector<ThreadEntry> entries = {Entry(4, 20), Entry(1, 30),
                                            Entry(3, 20), Entry(2, 10),
                                            Entry(5, 25, Word::kNone)};
  EXPECT_THAT(*SplitOff(From(4), entries), ElementsAre(Id(1), Id(4), Id(5)));
  EXPECT_THAT(*SplitOff(From(1), entries), ElementsAre(Id(1)));
  EXPECT_THAT(SplitOff(From(2), entries),
              StatusIs(StatusCode::kFailedPrecondition, "must stay"));
  EXPECT_THAT(SplitOff(From(6), entries),
              StatusIs(StatusCode::kNotFound, "from_interaction_id"));
}

TEST(ThreadMovesTest, ASplitHasALimit) {
  std::vector<ThreadEntry> entries;
  for (int i = 0; i <= 501; ++i) entries.push_back(Entry(i, i));
  EXPECT_THAT(*SplitOff(From(2), entries), SizeIs(kMaxMoved));
  EXPECT_THAT(SplitOff(From(1), entries),
              StatusIs(StatusCode::kFailedPrecondition, "more than 500"));
}

TEST(ThreadMovesTest, AMarkHoldsForANewThreadOfWhichItSawAWord) {
  const Mark resolved = MarkOf(2, v1::THREAD_STATE_RESOLVED, 50);
  const auto taken = [&](const std::vector<ThreadEntry>& entries) {
    return MarkOfSplit(resolved, entries).number();
  };
  EXPECT_EQ(taken({Entry(1, 10, Word::kInbound, 1)}), 2U);
  EXPECT_EQ(taken({Entry(1, 10, Word::kOutbound, 0), Entry(2, 60)}), 2U);
  EXPECT_EQ(taken({Entry(1, 60, Word::kInbound, 2)}), 0U);
  // What is no word was not what it was about.
  EXPECT_EQ(taken({Entry(1, 10, Word::kNone, 1)}), 0U);
  EXPECT_EQ(MarkOfSplit(Mark(), {Entry(1, 10)}).number(), 0U);
}

TEST(ThreadMovesTest, ANewThreadWasNotReopenedBefore) {
  Mark mark = MarkOf(2, v1::THREAD_STATE_RESOLVED, 50);
  mark.set_resolution(v1::RESOLUTION_ANSWERED);
  mark.set_reopen_count(3);
  const Mark taken = MarkOfSplit(mark, {Entry(1, 10)});
  EXPECT_EQ(taken.reopen_count(), 0);
  EXPECT_EQ(taken.resolution(), v1::RESOLUTION_ANSWERED);
  EXPECT_EQ(taken.micros(), 50);
}

TEST(ThreadMovesTest, ANewThreadWaitsSinceItsOwnWord) {
  const Mark open = MarkOf(1, v1::THREAD_STATE_OPEN, 50, 20);
  const auto since = [&](const std::vector<ThreadEntry>& entries) {
    return MarkOfSplit(open, entries).unanswered_micros();
  };
  EXPECT_EQ(since({Entry(1, 10), Entry(2, 20), Entry(3, 30)}), 20);
  EXPECT_EQ(since({Entry(1, 10), Entry(3, 30)}), 30);
  EXPECT_EQ(since({Entry(1, 10)}), 50);
  EXPECT_EQ(since({Entry(1, 30, Word::kOutbound), Entry(2, 40)}), 40);
  // One that was recorded later moves the state by itself.
  EXPECT_EQ(since({Entry(1, 10), Entry(2, 30, Word::kInbound, 1)}), 50);
}

TEST(ThreadMovesTest, AJoinedWordIsSeenIfItWasRecordedBeforeTheMark) {
  const Mark stays = MarkOf(3, v1::THREAD_STATE_WAITING, 50);
  EXPECT_EQ(MarksOfJoined(stays, Mark(), Entry(1, 10), 49), 2U);
  EXPECT_EQ(MarksOfJoined(stays, Mark(), Entry(1, 10), 50), 3U);
  EXPECT_EQ(MarksOfJoined(Mark(), stays, Entry(1, 10), 10), 0U);
}

TEST(ThreadMovesTest, ResolvedThreadsAreResolvedWhenTheyAreJoined) {
  const Mark stays = MarkOf(1, v1::THREAD_STATE_RESOLVED, 50);
  const Mark joined = MarkOf(2, v1::THREAD_STATE_RESOLVED, 90);
  EXPECT_EQ(MarksOfJoined(stays, joined, Entry(1, 80, Word::kInbound, 1), 80),
            0U);
  // It has reopened its thread.
  EXPECT_EQ(MarksOfJoined(stays, joined, Entry(1, 95, Word::kInbound, 2), 95),
            1U);
  const Mark open = MarkOf(2, v1::THREAD_STATE_OPEN, 90, 80);
  EXPECT_EQ(MarksOfJoined(stays, open, Entry(1, 80, Word::kInbound, 1), 80),
            1U);
}

TEST(ThreadMovesTest, ANewThreadIsWhatItsFirstWordOfTheCustomerSays) {
  v1::Interaction question;
  question.set_interaction_id(Id(2).ToString());
  question.set_topic("bill");
  question.set_subject("My bill");
  question.set_opens(v1::THREAD_KIND_PROBLEM);
  v1::Interaction answer;
  answer.set_interaction_id(Id(1).ToString());
  answer.set_topic("delivery");
  const std::vector<ThreadEntry> entries = {Entry(1, 10, Word::kOutbound),
                                            Entry(2, 20)};
  v1::SplitThreadRequest request;
  request.set_thread_id(Id(9).ToString());
  internal::v1::StoredThread made;
  SetSplitFields(request, entries, {question, answer}, made);
  EXPECT_EQ(made.opener_id(), Id(2).ToString());
  EXPECT_EQ(made.thread().kind(), v1::THREAD_KIND_PROBLEM);
  EXPECT_EQ(made.thread().topic(), "bill");
  EXPECT_EQ(made.thread().subject(), "My bill");
  EXPECT_EQ(made.thread().split_from_thread_id(), Id(9).ToString());

  request.set_kind(v1::THREAD_KIND_INPUT);
  request.set_topic("other");
  SetSplitFields(request, entries, {question, answer}, made);
  EXPECT_EQ(made.thread().kind(), v1::THREAD_KIND_INPUT);
  EXPECT_EQ(made.thread().topic(), "other");
  EXPECT_EQ(made.thread().subject(), "My bill");

  internal::v1::StoredThread wordless;
  SetSplitFields({}, {Entry(1, 10, Word::kOutbound)}, {answer}, wordless);
  EXPECT_EQ(wordless.opener_id(), "");
  EXPECT_EQ(wordless.thread().kind(), v1::THREAD_KIND_QUESTION);
  EXPECT_EQ(wordless.thread().topic(), "");
}

}  // namespace
}  // namespace kith::interactions
