#ifndef KITH_GATEWAY_HOOKS_DOOR_TURNSTILE_H_
#define KITH_GATEWAY_HOOKS_DOOR_TURNSTILE_H_

#include <cstddef>
#include <deque>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "gateway/calls/pending_call.h"

namespace kith::gateway {

// Lets so many flows in at once; others wait for their turn, in their order.
// Holds no thread. Thread-safe.
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
  Turnstile(size_t most_inside, size_t most_waiting)
      : most_inside_(most_inside), most_waiting_(most_waiting) {}

  // Is completed when the flow may go in, which then has a Stay. With
  // RESOURCE_EXHAUSTED, at once, if too many wait. Must be awaited.
  PendingCall<bool> Enter();

  // Lets the next one in, and runs it on this thread until it waits.
  void Leave();

 private:
  using Turn = PendingCall<bool>::State;

  const size_t most_inside_;
  const size_t most_waiting_;
  absl::Mutex mutex_;
  size_t inside_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<std::shared_ptr<Turn>> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_DOOR_TURNSTILE_H_
