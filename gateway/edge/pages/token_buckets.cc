#include "gateway/edge/pages/token_buckets.h"

#include <algorithm>

namespace kith::edge {

absl::Duration TokenBuckets::Take(const std::string& key, double per_second,
                                  absl::Time now) {
  const double full =
      std::max(1.0, per_second * absl::ToDoubleSeconds(kBucketFills));
  const absl::MutexLock lock(&mutex_);
  Bucket& bucket = Find(key, full, now);
  // A clock that was set back gives nothing.
  const absl::Duration passed =
      std::max(absl::ZeroDuration(), now - bucket.filled);
  bucket.tokens = std::min(
      full, bucket.tokens + per_second * absl::ToDoubleSeconds(passed));
  bucket.filled = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return absl::ZeroDuration();
  }
  return absl::Seconds((1 - bucket.tokens) / per_second);
}

TokenBuckets::Bucket& TokenBuckets::Find(const std::string& key, double full,
                                         absl::Time now) {
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, known->second);
    return buckets_.front();
  }
  if (buckets_.size() >= most_) {
    by_key_.erase(buckets_.back().key);
    buckets_.pop_back();
  }
  buckets_.push_front({.key = key, .tokens = full, .filled = now});
  by_key_.emplace(key, buckets_.begin());
  return buckets_.front();
}

}  // namespace kith::edge
