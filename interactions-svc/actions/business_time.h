#ifndef KITH_INTERACTIONS_SVC_ACTIONS_BUSINESS_TIME_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_BUSINESS_TIME_H_

#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"

namespace kith::interactions {

// Returns the time at which `business` of business time has passed since
// `from`. Business time passes in the hours of the rules, by the clock of
// `zone`, and not on holidays; without hours in the rules it passes around the
// clock.
//
// - From a time outside the hours, it counts from the next opening, also if
//   `business` is 0. A negative `business` is as 0.
// - What passes exactly until a closing time ends at that closing time.
// - A clock that is put forward skips times: hours in them are as much shorter.
//   If it is put back, an opening or closing time that it shows twice is the
//   first of the two.
// - After auth::kCalendarDays it ends, at the midnight that begins the next
//   day, however much is left.
absl::Time AddBusinessTime(absl::Time from, absl::Duration business,
                           const config::v1::ActionRules& rules,
                           absl::TimeZone zone);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_BUSINESS_TIME_H_
