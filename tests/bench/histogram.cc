#include "tests/bench/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace kith::bench {
namespace {

constexpr int kBits = 7;
constexpr uint64_t kPerPower = uint64_t{1} << kBits;
// Nanoseconds of an int64_t: below 2 * kPerPower each value has a bucket.
constexpr size_t kBuckets = kPerPower * (63 - kBits + 1);

size_t BucketOf(uint64_t value) {
  if (value < 2 * kPerPower) return value;
  const int shift = static_cast<int>(std::bit_width(value)) - kBits - 1;
  return static_cast<size_t>(shift) * kPerPower + (value >> shift);
}

// The middle of a bucket.
int64_t ValueOf(size_t bucket) {
  if (bucket < 2 * kPerPower) return static_cast<int64_t>(bucket);
  const size_t shift = bucket / kPerPower - 1;
  const uint64_t low = (bucket - shift * kPerPower) << shift;
  return static_cast<int64_t>(low + (uint64_t{1} << shift) / 2);
}

}  // namespace

Histogram::Histogram() : buckets_(kBuckets) {}

void Histogram::Record(absl::Duration duration) {
  const int64_t nanos =
      std::max<int64_t>(0, absl::ToInt64Nanoseconds(duration));
  ++buckets_[BucketOf(static_cast<uint64_t>(nanos))];
  ++count_;
  max_ = std::max(max_, nanos);
  sum_ += static_cast<double>(nanos);
}

void Histogram::Merge(const Histogram& other) {
  for (size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

absl::Duration Histogram::Mean() const {
  if (count_ == 0) return absl::ZeroDuration();
  return absl::Nanoseconds(sum_ / static_cast<double>(count_));
}

absl::Duration Histogram::Quantile(double share) const {
  const double wanted = std::ceil(share * static_cast<double>(count_));
  int64_t left = std::max<int64_t>(1, static_cast<int64_t>(wanted));
  for (size_t i = 0; i < buckets_.size(); ++i) {
    left -= buckets_[i];
    if (left <= 0) return absl::Nanoseconds(std::min(ValueOf(i), max_));
  }
  return Max();
}

}  // namespace kith::bench
