#ifndef KITH_GATEWAY_EDGE_TESTING_WAIT_H_
#define KITH_GATEWAY_EDGE_TESTING_WAIT_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace kith::edge {

// Waits until something holds, at most 10 s. False if it never does.
template <typename Condition>
bool WaitUntil(Condition condition) {
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (!condition()) {
    if (absl::Now() > end) return false;
    // What is waited for happens behind a socket, and tells nobody.
    absl::SleepFor(absl::Milliseconds(1));
  }
  return true;
}

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_TESTING_WAIT_H_
