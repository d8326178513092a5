#include "tests/bench/zipf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace kith::bench {
namespace {

constexpr int kDraws = 100'000;

std::vector<int> Counts(uint64_t count) {
  const Zipf zipf(count);
  Random random(7);
  std::vector<int> counts(count);
  for (int i = 0; i < kDraws; ++i) ++counts.at(zipf.Draw(random));
  return counts;
}

TEST(ZipfTest, AFewAreDrawnMostOfTheTime) {
  std::vector<int> counts = Counts(1000);
  // The first, by 1 / (sum of 1 / k^0.99): 13 of 100.
  EXPECT_NEAR(counts[0], 0.131 * kDraws, 0.01 * kDraws);
  std::sort(counts.rbegin(), counts.rend());
  EXPECT_NEAR(counts[0], 2 * counts[1], 0.02 * kDraws);
  EXPECT_GT(counts[999], 0);
}

TEST(ZipfTest, EveryNumberHasItsRank) {
  for (const uint64_t count : {1, 2, 10, 97}) {
    const std::vector<int> counts = Counts(count);
    EXPECT_EQ(std::count(counts.begin(), counts.end(), 0), 0) << count;
  }
}

}  // namespace
}  // namespace kith::bench
