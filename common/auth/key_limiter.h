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
#include "prometheus/gauge.h"

namespace kith::auth {

// Adds one line to `faults`, with the prefix `name`, for each field that is out
// of bounds; see config.proto.
void CheckLimits(const config::v1::CallLimits& limits, const std::string& name,
                 std::vector<std::string>& faults);

// Enforces the limits of each API key, and of each person who calls with a
// token: calls a second (a token bucket), calls at once, and open streams.
// Streams have a limit of their own, because they last and would leave no room
// for calls. Usage is kept by the id of the key, or by issuer and person, so it
// survives a change of the limits in the keys file; that of people who have
// used nothing up is forgotten when there are many. A limit of 0 is none.
// Thread-safe.
class KeyLimiter {
 public:
  // A key's place among its calls or streams at once. The destructor gives the
  // place back: at the response of a call, at the end of a stream. Not
  // thread-safe. The limiter must outlive it.
  class Slot {
   public:
    // An empty slot, without a place.
    Slot() = default;
    Slot(Slot&& other) noexcept { *this = std::move(other); }
    Slot& operator=(Slot&& other) noexcept {
      std::swap(limiter_, other.limiter_);
      std::swap(under_way_, other.under_way_);
      std::swap(gauge_, other.gauge_);
      return *this;
    }
    ~Slot() { Release(); }

    // Gives the place back. Does nothing if the slot is empty.
    void Release();

   private:
    friend class KeyLimiter;
    Slot(KeyLimiter& limiter, int& under_way, prometheus::Gauge& gauge)
        : limiter_(&limiter), under_way_(&under_way), gauge_(&gauge) {}

    KeyLimiter* limiter_ = nullptr;
    int* under_way_ = nullptr;
    prometheus::Gauge* gauge_ = nullptr;
  };

  // `defaults` applies to each limit that a key does not set.
  explicit KeyLimiter(config::v1::CallLimits defaults);

  // A unary call or a stream.
  enum class Kind { kCall, kStream };

  // Admits one call or stream, and takes a token and a place.
  // RESOURCE_EXHAUSTED with RetryInfo and QuotaFailure if the key or person has
  // reached a limit; a refused call uses nothing up.
  absl::StatusOr<Slot> Admit(const base::Principal& principal, absl::Time now,
                             Kind kind = Kind::kCall);

 private:
  // The limits of one key; calls_per_second and burst, and how many at once. 0:
  // no limit.
  struct Limits {
    double per_second = 0;
    double burst = 0;
    int calls = 0;
    int streams = 0;
  };

  // The metrics of one key, or of an issuer: then all its people count
  // together, and there are no limits, which each of them has alone.
  struct Metrics {
    explicit Metrics(const base::Principal& principal);

    void SetLimits(const Limits& limits) const;

    prometheus::Counter& admitted;
    prometheus::Gauge& calls;
    prometheus::Gauge& streams;
    prometheus::Counter& refused_by_rate;
    prometheus::Counter& refused_calls;
    prometheus::Counter& refused_streams;
    prometheus::Gauge* rate_limit = nullptr;
    prometheus::Gauge* calls_limit = nullptr;
    prometheus::Gauge* streams_limit = nullptr;
  };

  // The usage of one key or person.
  struct Use {
    double tokens = 0;
    absl::Time filled = absl::InfinitePast();
    // When it will be as if it had never been used, if nothing more comes.
    absl::Time forgotten = absl::InfinitePast();
    int calls = 0;
    int streams = 0;
    Metrics metrics;
  };

  // Returns the limits of a key: its own ones, else the defaults.
  Limits For(const config::v1::CallLimits& own) const;
  // RESOURCE_EXHAUSTED if the key has all the calls or streams that it may have
  // at once.
  static absl::Status CheckPlace(const base::Principal& principal,
                                 const Limits& limits, Kind kind,
                                 const Use& use);
  // Adds the tokens of the time since the last refill, up to the burst.
  static void Refill(const Limits& limits, absl::Time now, Use& use);
  // Returns the usage of a key or person. Adds it if there is none; its first
  // refill then fills the bucket.
  Use& Find(const base::Principal& principal, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Forgets, now and then, who has used nothing up.
  void Forget(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const config::v1::CallLimits defaults_;
  absl::Mutex mutex_;
  // A node map, because each Slot points into an element.
  absl::node_hash_map<std::string, Use> uses_ ABSL_GUARDED_BY(mutex_);
  // The number of uses at which Forget looks at them again.
  size_t forget_at_ ABSL_GUARDED_BY(mutex_) = 10'000;
};

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_KEY_LIMITER_H_
