#ifndef KITH_GATEWAY_HOOKS_DOOR_TURNSTILE_H_
#define KITH_GATEWAY_HOOKS_DOOR_TURNSTILE_H_

#include <cstddef>
#include <deque>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "gateway/calls/pending_call.h"

namespace kith::gateway {

// Lets so many flows in at once; others wait for their turn, in their order,
// but not for ever. Holds no thread. Thread-safe.
class Turnstile {
 public:
  // That a flow is inside: it leaves at the end.
  class Stay {
   public:
    explicit Stay(Turnstile& turnstile) : turnstile_(turnstile) {}
    ~Stay() { turnstile_.Leave(); }
    Stay(const Stay&) = delete;
    Stay& operator=(const Stay&) = delete;

   private:
    Turnstile& turnstile_;
  };

  // At most `most_inside` are inside, 1 or more, and `most_waiting` wait.
  // `clock` must outlive the object.
  Turnstile(size_t most_inside, size_t most_waiting, absl::Duration longest,
            const base::Clock& clock)
      : most_inside_(most_inside),
        most_waiting_(most_waiting),
        longest_(longest),
        clock_(clock) {}

  // Is completed when the flow may go in, which then has a Stay. With
  // RESOURCE_EXHAUSTED, at once if too many wait, or when somebody leaves if
  // the flow has waited for longer than `longest`. Must be awaited.
  PendingCall<bool> Enter();

  // Lets the next one in, and runs it on this thread until it waits.
  void Leave();

 private:
  using Turn = PendingCall<bool>::State;

  // A flow that waits for its turn.
  struct Waiting {
    std::shared_ptr<Turn> turn = {};
    absl::Time until = absl::InfiniteFuture();
  };

  const size_t most_inside_;
  const size_t most_waiting_;
  const absl::Duration longest_;
  const base::Clock& clock_;
  absl::Mutex mutex_;
  size_t inside_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_DOOR_TURNSTILE_H_
