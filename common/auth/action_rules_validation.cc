#include "common/auth/action_rules_validation.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/auth/business_hours.h"
#include "google/type/dayofweek.pb.h"

namespace kith::auth {
namespace {

using config::v1::ActionRule;
using config::v1::ActionRules;
using config::v1::BusinessHours;

constexpr int kMostHours = 50;
constexpr int kMostHolidays = 1000;
constexpr int kMostRules = 100;
constexpr int kMostQueues = 20;
constexpr int kMostQueueBytes = 32;
constexpr int kMostMinutes = 100'000;
constexpr int kMostHeadStartMinutes = 480;
constexpr int kMostReopenDays = 365;

// The day of YYYY-MM-DD, if `text` is one, written as IsHoliday compares it.
std::optional<absl::CivilDay> DayOf(const std::string& text) {
  absl::CivilDay day;
  if (text.size() != 10 || !absl::ascii_isdigit(text[0]) ||
      !absl::ParseCivilTime(text, &day) || absl::FormatCivilTime(day) != text) {
    return std::nullopt;
  }
  return day;
}

// Finds the faults of one tenant's rules.
class ActionRulesFaults {
 public:
  explicit ActionRulesFaults(const ActionRules& rules) : rules_(rules) {}

  std::vector<std::string> Find() {
    FindOfHours();
    FindOfHolidays();
    // What is malformed has been told, and would be left out here.
    if (faults_.empty() && IsClosedForYears()) {
      Add("holidays, want hours on another day at least once in 3 years");
    }
    FindOfRules();
    if (rules_.has_patience_minutes()) {
      CheckRange("patience_minutes", rules_.patience_minutes(), kMostMinutes);
    }
    if (rules_.has_reopen_days()) {
      CheckRange("reopen_days", rules_.reopen_days(), kMostReopenDays);
    }
    return std::move(faults_);
  }

 private:
  template <typename... Parts>
  void Add(const Parts&... parts) {
    faults_.push_back(absl::StrCat("actions.", parts...));
  }

  void CheckCount(absl::string_view what, int count, int most) {
    if (count > most) Add(what, ", want at most ", most);
  }

  void CheckRange(absl::string_view field, int32_t value, int most) {
    if (value < 0 || value > most) {
      Add(field, " ", value, ", want 0 to ", most);
    }
  }

  void FindOfHours() {
    CheckCount("hours", rules_.hours_size(), kMostHours);
    for (int i = 0; i < rules_.hours_size(); ++i) {
      FindOfSpan(absl::StrCat("hours[", i, "]."), rules_.hours(i));
    }
  }

  void FindOfSpan(const std::string& name, const BusinessHours& hours) {
    if (hours.day() < google::type::MONDAY ||
        hours.day() > google::type::SUNDAY) {
      Add(name, "day, want a day of the week");
    }
    // 24:00 is no opening time.
    const int opens = MinuteOfDay(hours.opens()).value_or(kMinutesOfDay);
    if (opens == kMinutesOfDay) {
      Add(name, "opens \"", hours.opens(), "\", want HH:MM, 00:00 to 23:59");
    }
    const std::optional<int> closes = MinuteOfDay(hours.closes());
    if (!closes.has_value() || (opens < kMinutesOfDay && *closes <= opens)) {
      Add(name, "closes \"", hours.closes(),
          "\", want HH:MM, after opens and at most 24:00");
    }
  }

  void FindOfHolidays() {
    CheckCount("holidays", rules_.holidays_size(), kMostHolidays);
    for (int i = 0; i < rules_.holidays_size(); ++i) {
      if (DayOf(rules_.holidays(i)).has_value()) continue;
      Add("holidays[", i, "] \"", rules_.holidays(i),
          "\", want a day as YYYY-MM-DD");
    }
  }

  // Looks from each holiday on, so that the result does not depend on the day
  // on which the file is read.
  bool IsClosedForYears() const {
    const WeekHours week = WeekHoursOf(rules_);
    absl::flat_hash_set<absl::CivilDay> holidays;
    for (const std::string& text : rules_.holidays()) {
      holidays.insert(*DayOf(text));
    }
    return std::any_of(
        holidays.begin(), holidays.end(), [&](absl::CivilDay first) {
          for (int i = 0; i < kCalendarDays; ++i) {
            const absl::CivilDay day = first + i;
            const auto weekday = static_cast<size_t>(absl::GetWeekday(day));
            if (!week[weekday].empty() && !holidays.contains(day)) return false;
          }
          return true;
        });
  }

  void FindOfRules() {
    CheckCount("rules", rules_.rules_size(), kMostRules);
    absl::flat_hash_set<std::string> queues;
    for (int i = 0; i < rules_.queues_size(); ++i) {
      CheckQueue(absl::StrCat("queues[", i, "]"), rules_.queues(i));
      queues.insert(rules_.queues(i));
    }
    for (int i = 0; i < rules_.rules_size(); ++i) {
      FindOfRule(absl::StrCat("rules[", i, "]."), rules_.rules(i));
      if (!rules_.rules(i).queue().empty()) {
        queues.insert(rules_.rules(i).queue());
      }
    }
    CheckCount("rules: different queues", static_cast<int>(queues.size()),
               kMostQueues);
  }

  void CheckQueue(const std::string& field, const std::string& queue) {
    if (IsQueueName(queue)) return;
    Add(field, " \"", queue, "\", want [a-z0-9][a-z0-9_-]{0,31}");
  }

  void FindOfRule(const std::string& name, const ActionRule& rule) {
    if (rule.kind() == config::v1::ACTION_KIND_UNSPECIFIED ||
        !config::v1::ActionKind_IsValid(rule.kind())) {
      Add(name, "kind, want a kind of action");
    }
    if (!rule.queue().empty()) CheckQueue(name + "queue", rule.queue());
    if (rule.has_due_minutes()) {
      CheckRange(name + "due_minutes", rule.due_minutes(), kMostMinutes);
    }
    if (rule.has_head_start_minutes()) {
      CheckRange(name + "head_start_minutes", rule.head_start_minutes(),
                 kMostHeadStartMinutes);
    }
  }

  const ActionRules& rules_;
  std::vector<std::string> faults_;
};

}  // namespace

bool IsQueueName(absl::string_view text) {
  const auto is_letter_or_digit = [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c);
  };
  return !text.empty() && text.size() <= kMostQueueBytes &&
         is_letter_or_digit(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_letter_or_digit(c) || c == '-' || c == '_';
         });
}

std::vector<std::string> FaultsOf(const ActionRules& rules) {
  return ActionRulesFaults(rules).Find();
}

}  // namespace kith::auth
