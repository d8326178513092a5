#include "interactions-svc/threads/thread_news.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Uuid IdOfNews(int n) {
  return *Uuid::Parse(absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-00000000",
                                   absl::Dec(n, absl::kZeroPad4)));
}

class ThreadNewsTest : public ::testing::Test {
 protected:
  void Add(uint64_t version, int n) { AddNews(version, IdOfNews(n), stored_); }
  std::vector<std::string> Since(const std::string& etag) {
    return NewsSince(etag, stored_);
  }

  internal::v1::StoredThread stored_;
};

TEST_F(ThreadNewsTest, WhatCameAfterTheVersionIsNewTheOldestFirst) {
  EXPECT_THAT(Since("0"), IsEmpty());
  Add(1, 1);
  Add(3, 2);
  // One transaction may bring several.
  Add(3, 3);
  EXPECT_THAT(Since("0"),
              ElementsAre(IdOfNews(1).ToString(), IdOfNews(2).ToString(),
                          IdOfNews(3).ToString()));
  // Version 2 was no word, such as another assignee.
  for (const char* etag : {"1", "2"}) {
    EXPECT_THAT(Since(etag),
                ElementsAre(IdOfNews(2).ToString(), IdOfNews(3).ToString()));
  }
  EXPECT_THAT(Since("3"), IsEmpty());
  EXPECT_THAT(Since("4"), IsEmpty());
}

TEST_F(ThreadNewsTest, WhatWasCorrectedIsNewAgainAndThereOnce) {
  Add(1, 1);
  Add(2, 2);
  Add(3, 1);
  EXPECT_THAT(Since("0"),
              ElementsAre(IdOfNews(2).ToString(), IdOfNews(1).ToString()));
  EXPECT_THAT(Since("2"), ElementsAre(IdOfNews(1).ToString()));
}

TEST_F(ThreadNewsTest, TheLastTwentyAreKept) {
  for (int n = 1; n <= kMostNews; ++n) Add(static_cast<uint64_t>(n), n);
  EXPECT_THAT(Since("0"), SizeIs(kMostNews));
  Add(21, 21);
  ASSERT_THAT(Since("0"), SizeIs(kMostNews));
  EXPECT_EQ(Since("0").front(), IdOfNews(2).ToString());
  EXPECT_EQ(Since("0").back(), IdOfNews(21).ToString());
}

TEST_F(ThreadNewsTest, WhatHasGoneToAnotherThreadIsNoNews) {
  Add(1, 1);
  Add(2, 2);
  KeepNewsOf({{.interaction_id = IdOfNews(2)}, {.interaction_id = IdOfNews(3)}},
             stored_);
  EXPECT_THAT(Since("0"), ElementsAre(IdOfNews(2).ToString()));
}

TEST_F(ThreadNewsTest, AnEtagThatIsNoneHasNoNews) {
  Add(1, 1);
  for (const char* etag : {"", "x", "-1", "1.5"}) {
    EXPECT_THAT(Since(etag), IsEmpty()) << etag;
  }
}

}  // namespace
}  // namespace kith::interactions
