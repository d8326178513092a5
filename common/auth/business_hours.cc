#include "common/auth/business_hours.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "google/type/dayofweek.pb.h"

namespace kith::auth {
namespace {

// Sorts the spans, and joins those that overlap or adjoin.
void JoinSpans(std::vector<OpenSpan>& spans) {
  std::sort(
      spans.begin(), spans.end(),
      [](const OpenSpan& a, const OpenSpan& b) { return a.opens < b.opens; });
  std::vector<OpenSpan> joined;
  for (const OpenSpan& span : spans) {
    if (joined.empty() || joined.back().closes < span.opens) {
      joined.push_back(span);
    } else {
      joined.back().closes = std::max(joined.back().closes, span.closes);
    }
  }
  spans = std::move(joined);
}

}  // namespace

std::optional<int> MinuteOfDay(absl::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const size_t i : {0, 1, 3, 4}) {
    if (!absl::ascii_isdigit(text[i])) return std::nullopt;
  }
  const int hour = 10 * (text[0] - '0') + (text[1] - '0');
  const int minute = 10 * (text[3] - '0') + (text[4] - '0');
  const int total = 60 * hour + minute;
  if (minute > 59 || total > kMinutesOfDay) return std::nullopt;
  return total;
}

WeekHours WeekHoursOf(const config::v1::ActionRules& rules) {
  WeekHours week;
  if (rules.hours().empty()) {
    week.fill({{0, kMinutesOfDay}});
    return week;
  }
  for (const config::v1::BusinessHours& hours : rules.hours()) {
    const int day = hours.day() - google::type::MONDAY;
    const std::optional<int> opens = MinuteOfDay(hours.opens());
    const std::optional<int> closes = MinuteOfDay(hours.closes());
    if (day < 0 || day >= 7 || !opens || !closes || *opens >= *closes) continue;
    week[static_cast<size_t>(day)].push_back({*opens, *closes});
  }
  for (std::vector<OpenSpan>& spans : week) JoinSpans(spans);
  return week;
}

bool IsHoliday(const config::v1::ActionRules& rules, absl::CivilDay day) {
  const std::string text = absl::FormatCivilTime(day);
  return std::find(rules.holidays().begin(), rules.holidays().end(), text) !=
         rules.holidays().end();
}

}  // namespace kith::auth
