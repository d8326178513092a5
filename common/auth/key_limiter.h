#ifndef KITH_COMMON_AUTH_KEY_LIMITER_H_
#define KITH_COMMON_AUTH_KEY_LIMITER_H_

#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "kith/config/v1/config.pb.h"
#include "prometheus/counter.h"

namespace kith::auth {

// Adds a line for each field that is out of its bounds; see config.proto.
void CheckLimits(const config::v1::CallLimits& limits, const std::string& name,
                 std::vector<std::string>& faults);

// Holds each API key to its limits: so many calls a second (a token bucket),
// so many under way, and so many open streams, which last and so would leave no
// room for calls. What a key has used is kept by its id, whatever
// becomes of its limits in the keys file. Thread-safe.
class KeyLimiter {
 public:
  // A key's place among the calls that it may have under way, given back when
  // this is destroyed: with the answer of a call, with the end of a stream.
  class Slot {
   public:
    // None.
    Slot() = default;
    Slot(Slot&& other) noexcept { *this = std::move(other); }
    Slot& operator=(Slot&& other) noexcept {
      std::swap(limiter_, other.limiter_);
      std::swap(under_way_, other.under_way_);
      return *this;
    }
    ~Slot() { Release(); }

    void Release();

   private:
    friend class KeyLimiter;
    Slot(KeyLimiter& limiter, int& under_way)
        : limiter_(&limiter), under_way_(&under_way) {}

    KeyLimiter* limiter_ = nullptr;
    int* under_way_ = nullptr;
  };

  // `defaults` for what the key says nothing of.
  explicit KeyLimiter(config::v1::CallLimits defaults);

  enum class Kind { kCall, kStream };

  // Lets a call in. RESOURCE_EXHAUSTED with RetryInfo and QuotaFailure where
  // the key has reached a limit; a call that was refused uses nothing up.
  absl::StatusOr<Slot> Admit(const base::Principal& principal, absl::Time now,
                             Kind kind = Kind::kCall);

 private:
  struct Limits {
    double per_second = 0;
    double burst = 0;
    int calls = 0;
    int streams = 0;
  };

  // What one key has used.
  struct Use {
    double tokens = 0;
    absl::Time filled = absl::InfinitePast();
    int calls = 0;
    int streams = 0;
    prometheus::Counter& refused_by_rate;
    prometheus::Counter& refused_calls;
    prometheus::Counter& refused_streams;
  };

  Limits For(const config::v1::CallLimits& own) const;
  // The key has all that it may have at once.
  static absl::Status CheckPlace(const std::string& key, const Limits& limits,
                                 Kind kind, const Use& use);
  static void Refill(const Limits& limits, absl::Time now, Use& use);
  Use& Find(const std::string& key_id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const config::v1::CallLimits defaults_;
  absl::Mutex mutex_;
  // Its elements stay where they are.
  absl::node_hash_map<std::string, Use> uses_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_KEY_LIMITER_H_
