#include "tests/bench/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

namespace kith::bench {
namespace {

constexpr double kErrorBound = 1.0 / 256;

double RelativeError(absl::Duration found, int64_t wanted) {
  return std::abs(
             static_cast<double>(absl::ToInt64Nanoseconds(found) - wanted)) /
         static_cast<double>(wanted);
}

TEST(HistogramTest, AnswersNothingOfNothing) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0);
  EXPECT_EQ(histogram.Mean(), absl::ZeroDuration());
  EXPECT_EQ(histogram.Quantile(0.99), absl::ZeroDuration());
}

TEST(HistogramTest, SmallValuesAreExact) {
  for (int64_t nanos = 0; nanos < 256; ++nanos) {
    Histogram histogram;
    histogram.Record(absl::Nanoseconds(nanos));
    histogram.Record(absl::Hours(1));
    EXPECT_EQ(histogram.Quantile(0.5), absl::Nanoseconds(nanos));
  }
}

TEST(HistogramTest, EveryMagnitudeIsWithinTheDocumentedError) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  for (int64_t nanos = 1; nanos < kMost / 3; nanos += 1 + nanos / 37) {
    Histogram histogram;
    histogram.Record(absl::Nanoseconds(nanos));
    // A larger one, so that the answer is not cut to the maximum.
    histogram.Record(absl::Nanoseconds(kMost));
    ASSERT_LE(RelativeError(histogram.Quantile(0.5), nanos), kErrorBound)
        << nanos;
  }
}

TEST(HistogramTest, QuantilesAreThoseOfTheSortedValues) {
  Histogram histogram;
  std::vector<int64_t> sorted;
  uint64_t state = 1;
  for (int i = 0; i < 10'000; ++i) {
    state = state * 6364136223846793005 + 1442695040888963407;
    const int64_t nanos = 50'000 + static_cast<int64_t>(state >> 40);
    sorted.push_back(nanos);
    histogram.Record(absl::Nanoseconds(nanos));
  }
  std::sort(sorted.begin(), sorted.end());
  for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<size_t>(std::ceil(share * 10'000)) - 1;
    EXPECT_LE(RelativeError(histogram.Quantile(share), sorted[rank]),
              kErrorBound)
        << share;
  }
  EXPECT_EQ(histogram.Max(), absl::Nanoseconds(sorted.back()));
}

TEST(HistogramTest, TheMeanIsExact) {
  Histogram histogram;
  histogram.Record(absl::Microseconds(1));
  histogram.Record(absl::Microseconds(2));
  histogram.Record(absl::Microseconds(6));
  EXPECT_EQ(histogram.Mean(), absl::Microseconds(3));
}

TEST(HistogramTest, MergedIsAsIfRecordedInOne) {
  Histogram one;
  Histogram two;
  Histogram both;
  for (int i = 1; i <= 1000; ++i) {
    const absl::Duration duration = absl::Microseconds(i);
    (i % 3 == 0 ? one : two).Record(duration);
    both.Record(duration);
  }
  one.Merge(two);
  EXPECT_EQ(one.count(), both.count());
  EXPECT_EQ(one.Mean(), both.Mean());
  EXPECT_EQ(one.Max(), both.Max());
  EXPECT_EQ(one.Quantile(0.9), both.Quantile(0.9));
}

TEST(HistogramTest, ANegativeDurationCountsAsNone) {
  Histogram histogram;
  histogram.Record(-absl::Microseconds(1));
  EXPECT_EQ(histogram.count(), 1);
  EXPECT_EQ(histogram.Max(), absl::ZeroDuration());
}

}  // namespace
}  // namespace kith::bench
