#include "interactions-svc/threads/thread_fold.h"

#include <random>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/times.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using google::protobuf::util::MessageDifferencer;
using internal::v1::StoredThread;
using internal::v1::ThreadFold;
using internal::v1::ThreadMark;

Word WordNamed(char letter) {
  switch (letter) {
    case 'i':
      return Word::kInbound;
    case 'o':
      return Word::kOutbound;
    case 'c':
      return Word::kClosing;
    case 'h':
      return Word::kHeld;
    default:
      return Word::kNone;
  }
}

// Runs a story: steps with spaces between them, such as "i1 o2 R i3". "i1" is
// an inbound word that occurred at 1, and is recorded now; "O", "W" and "R" are
// marks. Entries are added as they come, or in their order after a late one.
StoredThread Told(const std::string& story) {
  StoredThread stored;
  std::vector<ThreadEntry> entries;
  int64_t clock = 0;
  *stored.mutable_fold() = EmptyFold(stored.mark());
  for (const absl::string_view step : absl::StrSplit(story, ' ')) {
    ++clock;
    if (absl::ascii_isupper(step[0])) {
      const auto state = step[0] == 'O'   ? v1::THREAD_STATE_OPEN
                         : step[0] == 'W' ? v1::THREAD_STATE_WAITING
                                          : v1::THREAD_STATE_RESOLVED;
      SetMark(state, v1::RESOLUTION_ANSWERED,
              absl::FromUnixMicros(1000 + clock), stored);
      continue;
    }
    ThreadEntry entry{.word = WordNamed(step[0]),
                      .marks = stored.mark().number()};
    EXPECT_TRUE(absl::SimpleAtoi(step.substr(1), &entry.occurred_micros));
    entry.interaction_id = base::Uuid::MakeFrom(absl::UnixEpoch(), step);
    entries.push_back(entry);
    SortEntries(entries);
    *stored.mutable_fold() = Fold(stored.mark(), entries);
  }
  ShowFold(stored);
  return stored;
}

// The state, and since when the customer waits.
std::string StateOf(const StoredThread& stored) {
  const v1::Thread& thread = stored.thread();
  switch (thread.state()) {
    case v1::THREAD_STATE_OPEN:
      return absl::StrCat("open since ",
                          base::ToMicros(thread.first_unanswered_time()));
    case v1::THREAD_STATE_WAITING:
      return "waiting";
    case v1::THREAD_STATE_RESOLVED:
      return thread.resolution() == v1::RESOLUTION_EMPTY ? "empty" : "resolved";
    default:
      return "?";
  }
}

struct FoldCase {
  std::string name;
  std::string story;
  std::string state;
  int reopened = 0;
};

class FoldTest : public ::testing::TestWithParam<FoldCase> {};

TEST_P(FoldTest, TheStateFollows) {
  const StoredThread stored = Told(GetParam().story);
  EXPECT_EQ(StateOf(stored), GetParam().state);
  EXPECT_EQ(stored.thread().reopen_count(), GetParam().reopened);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FoldTest,
    ::testing::Values(
        FoldCase{"AQuestion", "i1", "open since 1"},
        FoldCase{"AnAnswer", "i1 o2", "waiting"},
        FoldCase{"TheWaitBeginsWithTheFirstQuestion", "i1 i2 i3",
                 "open since 1"},
        FoldCase{"TheWaitBeginsAgainAfterAnAnswer", "i1 o2 i3 i4",
                 "open since 3"},
        FoldCase{"ALateQuestionWaitsFromItsOwnTime", "i5 i3", "open since 3"},
        FoldCase{"ALateQuestionBeforeTheAnswer", "i1 o5 i3", "waiting"},
        FoldCase{"ALateAnswer", "i1 i5 o3", "open since 5"},
        FoldCase{"AnAutomatedAnswerMovesNothing", "i1 n2", "open since 1"},
        FoldCase{"AnAutomatedMailReopensNothing", "i1 o2 R n3", "resolved"},
        FoldCase{"Resolved", "i1 o2 R", "resolved"},
        FoldCase{"ResolvedWithoutAnAnswer", "i1 R", "resolved"},
        FoldCase{"Reopened", "i1 o2 R i3", "open since 3", 1},
        FoldCase{"ReopenedOnce", "i1 o2 R i3 i4", "open since 3", 1},
        FoldCase{"AnsweredAfterAReturn", "i1 o2 R i3 o4", "waiting", 1},
        FoldCase{"ReopenedTwice", "i1 R i2 R i3", "open since 3", 2},
        FoldCase{"ThanksReopensNothing", "i1 o2 R c3", "resolved"},
        FoldCase{"ThanksIsAWordElsewhere", "i1 o2 c3", "open since 3"},
        FoldCase{"ThanksAfterAReturn", "i1 R i2 o3 c4", "open since 4", 1},
        FoldCase{"AFarewellReopensNothing", "i1 R o2", "resolved"},
        FoldCase{"AHeldMailReopensNothing", "i1 R h2", "resolved"},
        // Whoever resolved it has not seen it: it was recorded afterwards.
        FoldCase{"WrittenBeforeItWasResolvedAndRecordedLater", "i1 o2 R i900",
                 "open since 900", 1},
        FoldCase{"OlderThanTheLastWordReopensNothing", "i1 o5 R i3",
                 "resolved"},
        FoldCase{"ByHand", "O", "open since 1001"},
        FoldCase{"ByHandAndAnswered", "O o5", "waiting"},
        FoldCase{"ByHandWhileTheCustomerWaits", "i3 O", "open since 3"},
        FoldCase{"OpenAgainByHand", "i1 R O", "open since 1003"},
        FoldCase{"OpenOnceMoreByHand", "i1 O O", "open since 1"},
        FoldCase{"OpenOnceMoreByHandWithoutAWord", "O O", "open since 1001"},
        FoldCase{"OpenAgainAfterAReturn", "i1 R i2 O", "open since 2", 1},
        FoldCase{"ALateQuestionIsTheFirstByHandToo", "i5 O i3", "open since 3"},
        FoldCase{"ALateAnswerByHandToo", "i1 i5 O o3", "open since 5"},
        FoldCase{"WaitingByHand", "i1 W", "waiting"},
        FoldCase{"AWordAfterThat", "i1 W i2", "open since 2"},
        FoldCase{"NoWordAtAll", "n1", "empty"},
        FoldCase{"BegunByTheBusiness", "o1", "waiting"},
        FoldCase{"BegunByTheBusinessAndAnswered", "o1 i2", "open since 2"}),
    [](const auto& info) { return info.param.name; });

// As when a split has taken the first question away, and a join brings it back.
TEST(ThreadFoldTest, AThreadThatIsOpenByHandWaitsSinceItsOwnWords) {
  StoredThread stored = Told("i1 i5 O");
  const ThreadEntry first{.occurred_micros = 1, .word = Word::kInbound};
  const ThreadEntry second{.occurred_micros = 5, .word = Word::kInbound};
  const auto since = [&](const std::vector<ThreadEntry>& entries) {
    return Fold(stored.mark(), entries).unanswered_micros();
  };
  EXPECT_EQ(since({first, second}), 1);
  EXPECT_EQ(since({second}), 5);
  // Whoever has said that it is open did so at 1003.
  EXPECT_EQ(since({}), 1003);
}

TEST(ThreadFoldTest, TimesAreByWhenTheWordsOccurred) {
  const v1::Thread thread = Told("i5 o9 i3 o7 i8").thread();
  EXPECT_EQ(base::ToMicros(thread.opened_time()), 3);
  EXPECT_EQ(base::ToMicros(thread.last_inbound_time()), 8);
  EXPECT_EQ(base::ToMicros(thread.last_outbound_time()), 9);
  EXPECT_EQ(base::ToMicros(thread.first_answer_time()), 7);
}

TEST(ThreadFoldTest, AnOutboundWordBeforeTheFirstQuestionIsNoAnswer) {
  EXPECT_FALSE(Told("o1 i2").thread().has_first_answer_time());
}

TEST(ThreadFoldTest, AHeldMailIsToldUntilSomebodyLooks) {
  EXPECT_EQ(base::ToMicros(Told("i1 R h2").thread().held_time()), 2);
  EXPECT_FALSE(Told("i1 R h2 R").thread().has_held_time());
}

TEST(ThreadFoldTest, AMailIsHeldAfterThreeReopensWithinAnHour) {
  StoredThread stored;
  const absl::Time noon = absl::FromUnixSeconds(1'790'000'000);
  for (int minute = 0; minute < 3; ++minute) {
    EXPECT_FALSE(IsHeld(stored, noon + absl::Minutes(minute)));
    AddMailReopen(noon + absl::Minutes(minute), stored);
  }
  EXPECT_TRUE(IsHeld(stored, noon + absl::Minutes(3)));
  EXPECT_FALSE(IsHeld(stored, noon + absl::Minutes(60)));
}

TEST(ThreadFoldTest, TheLastTwentyChannelValuesAreKept) {
  StoredThread stored;
  for (int i = 0; i < 25; ++i) AddIdentity(absl::StrCat("key", i), stored);
  AddIdentity("key7", stored);
  AddIdentity("", stored);
  EXPECT_EQ(stored.identity_keys_size(), 20);
  EXPECT_EQ(stored.identity_keys(19), "key7");
  EXPECT_EQ(stored.identity_keys(0), "key5");
}

// A mark leaves the fold as if it had been made over all entries again, so
// that what comes next may be added to it.
TEST(ThreadFoldTest, AddingTheNextWordIsAsFoldingAll) {
  std::mt19937 random(7);
  const std::string letters = "iiioooochn";
  for (int run = 0; run < 2000; ++run) {
    StoredThread stored;
    std::vector<ThreadEntry> entries;
    *stored.mutable_fold() = EmptyFold(stored.mark());
    for (int step = 0; step < 12; ++step) {
      if (random() % 5 == 0) {
        SetMark(static_cast<v1::ThreadState>(1 + random() % 3),
                v1::RESOLUTION_ANSWERED, absl::FromUnixMicros(1000 + step),
                stored);
      } else {
        const ThreadEntry entry{
            .occurred_micros = step,
            .word = WordNamed(letters[random() % letters.size()]),
            .marks = stored.mark().number()};
        entries.push_back(entry);
        AddWord(stored.mark(), entry, *stored.mutable_fold());
      }
      EXPECT_TRUE(MessageDifferencer::Equals(stored.fold(),
                                             Fold(stored.mark(), entries)))
          << stored.ShortDebugString();
    }
  }
}

}  // namespace
}  // namespace kith::interactions
