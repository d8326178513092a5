#include "common/mysql/lease.h"

#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::mysql {
namespace {

using ::kith::testing::IsOk;
using ::testing::Eq;
using ::testing::Optional;

class LeaseTest : public ::testing::Test {
 protected:
  std::optional<int64_t> Take(absl::Time now) {
    const auto epoch = TakeLease(session_, "work", "me", now, absl::Seconds(3));
    EXPECT_THAT(epoch, IsOk());
    return epoch.value_or(std::nullopt);
  }

  bool Keep(int64_t epoch, absl::Time now) {
    const auto kept = KeepLease(session_, "work", epoch, now, absl::Seconds(3));
    EXPECT_THAT(kept, IsOk());
    return kept.value_or(false);
  }

  testing::TestDatabase database_{Schema()};
  Session session_{database_.options()};
  const absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
};

TEST_F(LeaseTest, OneHasItUntilItsTimeIsOver) {
  EXPECT_THAT(Take(now_), Optional(1));
  EXPECT_THAT(Take(now_ + absl::Seconds(3)), Eq(std::nullopt));
  EXPECT_THAT(Take(now_ + absl::Seconds(4)), Optional(2));
}

TEST_F(LeaseTest, WhoeverHasItKeepsItAndNobodyElse) {
  ASSERT_THAT(Take(now_), Optional(1));
  EXPECT_TRUE(Keep(1, now_ + absl::Seconds(2)));
  EXPECT_THAT(Take(now_ + absl::Seconds(4)), Eq(std::nullopt));
  EXPECT_THAT(Take(now_ + absl::Seconds(6)), Optional(2));
  EXPECT_FALSE(Keep(1, now_ + absl::Seconds(6)));
}

TEST_F(LeaseTest, IsKeptAlsoWhenItsTimeIsOverButNobodyTookIt) {
  ASSERT_THAT(Take(now_), Optional(1));
  EXPECT_TRUE(Keep(1, now_ + absl::Hours(1)));
}

TEST_F(LeaseTest, AReleasedOneIsTakenAtOnce) {
  ASSERT_THAT(Take(now_), Optional(1));
  EXPECT_THAT(ReleaseLease(session_, "work", 1), IsOk());
  EXPECT_THAT(Take(now_), Optional(2));
  EXPECT_THAT(ReleaseLease(session_, "work", 1), IsOk());
  EXPECT_THAT(Take(now_), Eq(std::nullopt));
}

TEST_F(LeaseTest, LeasesOfOtherNamesAreOthers) {
  ASSERT_THAT(Take(now_), Optional(1));
  const auto other = TakeLease(session_, "rest", "me", now_, absl::Seconds(3));
  ASSERT_THAT(other, IsOk());
  EXPECT_THAT(*other, Optional(1));
}

}  // namespace
}  // namespace kith::mysql
