#ifndef KITH_GATEWAY_CALLS_PEER_H_
#define KITH_GATEWAY_CALLS_PEER_H_

#include <functional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace kith::gateway {

// A service behind the gateway, and the flows that wait for it: the bulkhead
// between services. What waits for one that does not answer takes a part of the
// flows' places at most, and soon none, so that flows which do not need it go
// on. Thread-safe.
class Peer {
 public:
  // A call that waits for an answer of the service. Movable; leaves when it is
  // destroyed.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept
        : peer_(std::exchange(other.peer_, nullptr)) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(peer_, other.peer_);
      return *this;
    }
    ~Place() { Leave(absl::CancelledError("no answer")); }

    // The call ended so. Once: what comes later does nothing.
    void Leave(const absl::Status& answer);

   private:
    friend class Peer;
    explicit Place(Peer& peer) : peer_(&peer) {}

    Peer* peer_ = nullptr;
  };

  // A service is silent if so many calls wait and none was answered for so
  // long. A few slow statements are no silence.
  static constexpr int kSilentCalls = 16;
  static constexpr absl::Duration kSilence = absl::Seconds(1);

  // How often a call is let through to a silent service, to see whether it
  // answers again.
  static constexpr absl::Duration kTryEach = absl::Milliseconds(100);

  // At most `limit` calls wait at once, at least one.
  Peer(absl::string_view name, int limit,
       std::function<absl::Time()> now = absl::Now);

  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  const std::string& name() const { return name_; }

  // A call begins to wait. Without it no call is made: RESOURCE_EXHAUSTED with
  // RetryInfo if too many wait; UNAVAILABLE if the service is silent.
  absl::StatusOr<Place> Enter();

 private:
  void Leave(const absl::Status& answer);

  const std::string name_;
  const int limit_;
  const std::function<absl::Time()> now_;
  absl::Mutex mutex_;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of the last answer, or of the first call that waits since there was none.
  absl::Time heard_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Time tried_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_PEER_H_
