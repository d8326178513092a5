#include "common/auth/quiet_hours.h"

#include "absl/time/civil_time.h"
#include "google/type/dayofweek.pb.h"

namespace kith::auth {
namespace {

using config::v1::ContactChannel;
using config::v1::QuietHours;

// Marks the minutes from `begins` on the day, counted from Monday, for `length`
// minutes: from the last of the week on to the first.
void Mark(size_t day, int begins, int length, QuietWeek& week) {
  const size_t first = day * kMinutesOfDay + static_cast<size_t>(begins);
  for (size_t i = 0; i < static_cast<size_t>(length); ++i) {
    week.set((first + i) % kMinutesOfWeek);
  }
}

void MarkHours(const QuietHours& hours, QuietWeek& week) {
  const std::optional<int> begins = MinuteOfDay(hours.begins());
  const std::optional<int> ends = MinuteOfDay(hours.ends());
  if (!begins.has_value() || !ends.has_value()) return;
  const int length =
      *ends > *begins ? *ends - *begins : *ends - *begins + kMinutesOfDay;
  if (hours.days().empty()) {
    for (size_t day = 0; day < 7; ++day) Mark(day, *begins, length, week);
  }
  for (const int day : hours.days()) {
    if (day < google::type::MONDAY || day > google::type::SUNDAY) continue;
    Mark(static_cast<size_t>(day - google::type::MONDAY), *begins, length,
         week);
  }
}

size_t MinuteOfWeek(absl::CivilMinute minute) {
  const auto day = static_cast<size_t>(absl::GetWeekday(minute));
  return day * kMinutesOfDay + static_cast<size_t>(minute.hour()) * 60 +
         static_cast<size_t>(minute.minute());
}

}  // namespace

QuietWeek QuietWeekOf(const config::v1::ContactRules& rules,
                      ContactChannel channel) {
  QuietWeek week;
  for (const QuietHours& hours : rules.quiet_hours()) {
    if (hours.channel() == channel) MarkHours(hours, week);
  }
  return week;
}

std::optional<absl::Time> QuietUntil(const config::v1::Tenant& tenant,
                                     ContactChannel channel, absl::Time time) {
  if (tenant.contact().quiet_hours().empty()) return std::nullopt;
  const QuietWeek week = QuietWeekOf(tenant.contact(), channel);
  absl::TimeZone zone;
  absl::LoadTimeZone(tenant.time_zone(), &zone);
  absl::CivilMinute minute = absl::ToCivilMinute(time, zone);
  if (!week.test(MinuteOfWeek(minute)) || week.all()) return std::nullopt;
  while (week.test(MinuteOfWeek(minute))) ++minute;
  const absl::TimeZone::TimeInfo end = zone.At(absl::CivilSecond(minute));
  if (end.kind == absl::TimeZone::TimeInfo::SKIPPED) return end.trans;
  return end.pre > time ? end.pre : end.post;
}

}  // namespace kith::auth
