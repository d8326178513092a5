#include "interactions-svc/actions/business_time.h"

#include <algorithm>
#include <cstddef>

#include "absl/time/civil_time.h"
#include "common/auth/business_hours.h"

namespace kith::interactions {
namespace {

// FromCivil takes the change of the clock for a time that is skipped, and the
// first of a time that is shown twice. So it never runs back within a day, and
// spans that do not overlap by the clock do not overlap.
absl::Time ClockTime(absl::CivilDay day, int minute, absl::TimeZone zone) {
  return absl::FromCivil(absl::CivilMinute(day) + minute, zone);
}

}  // namespace

absl::Time AddBusinessTime(absl::Time from, absl::Duration business,
                           const config::v1::ActionRules& rules,
                           absl::TimeZone zone) {
  const auth::WeekHours week = auth::WeekHoursOf(rules);
  const absl::CivilDay first = absl::ToCivilDay(from, zone);
  const absl::CivilDay end = first + auth::kCalendarDays;
  absl::Duration left = std::max(business, absl::ZeroDuration());
  for (absl::CivilDay day = first; day < end; ++day) {
    const auto weekday = static_cast<size_t>(absl::GetWeekday(day));
    if (week[weekday].empty() || auth::IsHoliday(rules, day)) continue;
    for (const auth::OpenSpan& span : week[weekday]) {
      const absl::Time begin = std::max(from, ClockTime(day, span.opens, zone));
      const absl::Duration open = ClockTime(day, span.closes, zone) - begin;
      if (open <= absl::ZeroDuration()) continue;
      if (left <= open) return begin + left;
      left -= open;
    }
  }
  return absl::FromCivil(end, zone);
}

}  // namespace kith::interactions
