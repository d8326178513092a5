#ifndef KITH_GATEWAY_CALLS_PAUSE_H_
#define KITH_GATEWAY_CALLS_PAUSE_H_

#include "absl/time/time.h"
#include "gateway/calls/pending_call.h"

namespace kith::gateway {

// Is completed after `wait`, and holds no thread meanwhile.
PendingCall<bool> WaitFor(absl::Duration wait);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_PAUSE_H_
