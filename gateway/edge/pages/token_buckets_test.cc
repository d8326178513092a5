#include "gateway/edge/pages/token_buckets.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

constexpr absl::Time kStart = absl::FromUnixSeconds(1'790'000'000);

// How many tokens there are at once.
int TakeAll(TokenBuckets& buckets, const std::string& key, double per_second,
            absl::Time now) {
  int taken = 0;
  while (buckets.Take(key, per_second, now) == absl::ZeroDuration()) ++taken;
  return taken;
}

TEST(TokenBucketsTest, ABucketHoldsWhatComesIn20Seconds) {
  TokenBuckets buckets(10);
  EXPECT_EQ(TakeAll(buckets, "a", 5, kStart), 100);
  EXPECT_EQ(TakeAll(buckets, "a", 5, kStart + absl::Seconds(2)), 10);
  EXPECT_EQ(TakeAll(buckets, "a", 5, kStart + absl::Hours(2)), 100);
}

TEST(TokenBucketsTest, WhoIsRefusedIsToldWhenToComeAgain) {
  TokenBuckets buckets(10);
  TakeAll(buckets, "a", 0.1, kStart);
  const absl::Duration wait = buckets.Take("a", 0.1, kStart);
  EXPECT_EQ(wait, absl::Seconds(10));
  // Nothing was taken.
  EXPECT_EQ(buckets.Take("a", 0.1, kStart + wait), absl::ZeroDuration());
}

TEST(TokenBucketsTest, EachKeyHasABucketOfItsOwn) {
  TokenBuckets buckets(10);
  TakeAll(buckets, "a", 5, kStart);
  EXPECT_EQ(TakeAll(buckets, "b", 5, kStart), 100);
}

TEST(TokenBucketsTest, OfManyTheOneThatWasUsedLongestAgoIsForgotten) {
  TokenBuckets buckets(3);
  for (const char* const key : {"a", "b", "c"}) {
    TakeAll(buckets, key, 5, kStart);
  }
  EXPECT_NE(buckets.Take("a", 5, kStart), absl::ZeroDuration());
  // In the place of "b".
  EXPECT_EQ(buckets.Take("d", 5, kStart), absl::ZeroDuration());
  EXPECT_NE(buckets.Take("a", 5, kStart), absl::ZeroDuration());
  EXPECT_NE(buckets.Take("c", 5, kStart), absl::ZeroDuration());
  EXPECT_EQ(TakeAll(buckets, "b", 5, kStart), 100);
}

TEST(TokenBucketsTest, AClockThatWasSetBackGivesNothing) {
  TokenBuckets buckets(3);
  TakeAll(buckets, "a", 5, kStart);
  EXPECT_NE(buckets.Take("a", 5, kStart - absl::Hours(1)),
            absl::ZeroDuration());
}

TEST(TokenBucketsTest, ARateThatIsChangedHoldsAtOnce) {
  TokenBuckets buckets(3);
  TakeAll(buckets, "a", 5, kStart);
  EXPECT_EQ(TakeAll(buckets, "a", 1'000, kStart + absl::Seconds(1)), 1'000);
  EXPECT_EQ(TakeAll(buckets, "a", 1, kStart + absl::Hours(1)), 20);
}

}  // namespace
}  // namespace kith::edge
