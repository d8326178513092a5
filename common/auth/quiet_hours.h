#ifndef KITH_COMMON_AUTH_QUIET_HOURS_H_
#define KITH_COMMON_AUTH_QUIET_HOURS_H_

#include <bitset>
#include <cstddef>
#include <optional>

#include "absl/time/time.h"
#include "common/auth/business_hours.h"
#include "kith/config/v1/config.pb.h"

namespace kith::auth {

constexpr size_t kMinutesOfWeek = size_t{7} * kMinutesOfDay;

// The minutes of a week by the clock, from Monday 00:00 on, of which each is
// quiet or not.
using QuietWeek = std::bitset<kMinutesOfWeek>;

// Returns the minutes in which customers are not contacted by the channel.
// Leaves out malformed hours, which Tenants::Make has ruled out.
QuietWeek QuietWeekOf(const config::v1::ContactRules& rules,
                      config::v1::ContactChannel channel);

// Returns the first moment after `time` that is in no quiet hours of the
// channel, if `time` is in some, by the clock of the tenant's time zone. A time
// that the clock skips is the time of the change; of one that it shows twice,
// the first that is after `time`.
std::optional<absl::Time> QuietUntil(const config::v1::Tenant& tenant,
                                     config::v1::ContactChannel channel,
                                     absl::Time time);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_QUIET_HOURS_H_
