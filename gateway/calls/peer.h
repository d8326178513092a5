#ifndef KITH_GATEWAY_CALLS_PEER_H_
#define KITH_GATEWAY_CALLS_PEER_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "prometheus/counter.h"

namespace kith::gateway {

// A service behind the gateway, and the calls that wait for it: the bulkhead
// between services. While a service does not answer, calls that need it hold a
// part of the gateway's places at most, and soon none. Calls that do not need
// it go on. Thread-safe.
//
// A service is silent from when at least kSilentCalls calls wait for it and it
// has answered none for kSilence, until it answers one. Silence is logged.
class Peer {
 public:
  // The place of a call that waits for the service. The destructor gives the
  // place back. Not thread-safe. The Peer must outlive it.
  class Place {
   public:
    // An empty place.
    Place() = default;
    Place(Place&& other) noexcept
        : peer_(std::exchange(other.peer_, nullptr)) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(peer_, other.peer_);
      return *this;
    }
    ~Place() { Release(); }

    // Gives the place back. Does nothing if the place is empty.
    void Release();

   private:
    friend class Peer;
    explicit Place(Peer& peer) : peer_(&peer) {}

    Peer* peer_ = nullptr;
  };

  // A request on the wire: one call, or a batch of calls.
  class Sent {
   public:
    virtual ~Sent() = default;

    // Ends the request, because the service is silent: it is completed soon
    // with UNAVAILABLE. May be called from any thread, also after it was
    // completed.
    virtual void GiveUp() = 0;
  };

  // A few slow statements are no silence.
  static constexpr int kSilentCalls = 16;
  static constexpr absl::Duration kSilence = absl::Seconds(2);

  // How often a call is let through to a silent service, to see whether it
  // answers again.
  static constexpr absl::Duration kTryEach = absl::Milliseconds(100);

  // A service with many calls that answers is busy. One that has not answered
  // for this time may be silent.
  static constexpr absl::Duration kQuiet = absl::Milliseconds(100);

  // `name` is for errors. At most `limit` calls wait at once, at least one.
  Peer(absl::string_view name, int limit,
       std::function<absl::Time()> now = absl::Now);

  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  const std::string& name() const { return name_; }

  // Takes a place for a call. Without a place the call must not be sent.
  // UNAVAILABLE if the service is silent, or if `limit` calls wait and it has
  // answered none for kQuiet. RESOURCE_EXHAUSTED with RetryInfo if `limit`
  // calls wait and it answers: it is busy.
  absl::StatusOr<Place> Enter();

  // Begin and End enclose each request on the wire. `answered` is true if the
  // service itself has said something, be it an error.
  void Begin(const std::shared_ptr<Sent>& sent);
  void End(const Sent& sent, bool answered);

  // If the service is silent, gives up all requests that have waited for
  // kSilence. Call it about once a second.
  void GiveUpIfSilent();

 private:
  struct Since {
    absl::Time time;
    std::weak_ptr<Sent> sent;
  };

  bool IsSilent(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string name_;
  const int limit_;
  const std::function<absl::Time()> now_;
  prometheus::Counter& refused_as_silent_;
  prometheus::Counter& refused_as_full_;
  absl::Mutex mutex_;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<const Sent*, Since> sent_ ABSL_GUARDED_BY(mutex_);
  // The time of the last answer, or of the first call that waits since then.
  absl::Time heard_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool silent_ ABSL_GUARDED_BY(mutex_) = false;
  // The last time that a call was let through to a silent service.
  absl::Time tried_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

// Returns the error of a call to a silent service.
absl::Status SilentError(const Peer& peer);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_PEER_H_
