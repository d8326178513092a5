#ifndef KITH_GATEWAY_EDGE_PAGES_TOKEN_BUCKETS_H_
#define KITH_GATEWAY_EDGE_PAGES_TOKEN_BUCKETS_H_

#include <cstddef>
#include <list>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace kith::edge {

// How long a bucket takes to fill.
inline constexpr absl::Duration kBucketFills = absl::Seconds(20);

// Limits how often something happens, by key, with a bucket of tokens for each.
// There are at most so many buckets: the one that was used longest ago goes
// first, and is full when it comes again. So whoever has many keys costs no
// more memory. Thread-safe.
class TokenBuckets {
 public:
  // `most` is 1 or more.
  explicit TokenBuckets(size_t most) : most_(most) {}

  // Takes a token from the bucket of a key, which gets `per_second` of them,
  // more than 0, and holds what comes in kBucketFills, at least one. Returns
  // zero; or how long until there is one, and then takes none.
  absl::Duration Take(const std::string& key, double per_second, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Bucket {
    std::string key = {};
    double tokens = 0;
    absl::Time filled = absl::InfinitePast();
  };

  // Returns the bucket of a key, as the one that was used last.
  Bucket& Find(const std::string& key, double full, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t most_;
  absl::Mutex mutex_;
  // The one that was used last is at the front.
  std::list<Bucket> buckets_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::list<Bucket>::iterator> by_key_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_PAGES_TOKEN_BUCKETS_H_
