#ifndef KITH_COMMON_BASE_CLOCK_H_
#define KITH_COMMON_BASE_CLOCK_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace kith::base {

// The source of the current time. Tests pass a clock that they can set.
// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual absl::Time Now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace kith::base

#endif  // KITH_COMMON_BASE_CLOCK_H_
