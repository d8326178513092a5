#ifndef KITH_COMMON_AUTH_BUSINESS_HOURS_H_
#define KITH_COMMON_AUTH_BUSINESS_HOURS_H_

#include <array>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "kith/config/v1/config.pb.h"

namespace kith::auth {

// Number of days that are looked at for an hour in which a business works: 3
// years.
constexpr int kCalendarDays = 3 * 366;

constexpr int kMinutesOfDay = 24 * 60;

// Hours on one day, from `opens` until before `closes`: minutes after midnight
// by the clock, 0 <= opens < closes <= kMinutesOfDay.
struct OpenSpan {
  int opens = 0;
  int closes = 0;
};

// Hours of each day of the week, at the index of its absl::Weekday, in
// ascending order. Hours that overlap or adjoin are one span.
using WeekHours = std::array<std::vector<OpenSpan>, 7>;

// Returns the minutes after midnight of HH:MM, "00:00" to "24:00"; nothing if
// `text` is no such time.
std::optional<int> MinuteOfDay(absl::string_view text);

// Returns the hours of the rules: all hours if the rules have none. Leaves out
// malformed ones, which Tenants::Make has ruled out.
WeekHours WeekHoursOf(const config::v1::ActionRules& rules);

// Returns true if the day is a holiday of the rules. Costs a comparison for
// each holiday.
bool IsHoliday(const config::v1::ActionRules& rules, absl::CivilDay day);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_BUSINESS_HOURS_H_
