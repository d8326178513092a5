#include "common/auth/action_rules_validation.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/testing/from_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::auth {
namespace {

using ::kith::testing::FromText;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::vector<std::string> Faults(const std::string& text) {
  return FaultsOf(FromText<config::v1::ActionRules>(text));
}

std::string Hours(const std::string& opens, const std::string& closes) {
  return absl::StrCat("hours { day: MONDAY opens: '", opens, "' closes: '",
                      closes, "' }");
}

TEST(ActionRulesValidationTest, RulesThatSayNothingAreGood) {
  EXPECT_THAT(Faults(""), IsEmpty());
}

TEST(ActionRulesValidationTest, HoursAreTimesOfTheClock) {
  EXPECT_THAT(Faults(Hours("00:00", "24:00")), IsEmpty());
  EXPECT_THAT(Faults(Hours("23:59", "24:00")), IsEmpty());
  EXPECT_THAT(Faults(Hours("00:00", "00:01")), IsEmpty());
  for (const char* malformed : {"", "8:00", "08:60", "24:00", "24:01", "25:00",
                                "08.00", "08:00 ", "-1:00", "0a:00"}) {
    EXPECT_THAT(Faults(Hours(malformed, "24:00")),
                ElementsAre(HasSubstr(absl::StrCat(
                    "actions.hours[0].opens \"", malformed, "\", want HH:MM"))))
        << malformed;
  }
  for (const char* malformed : {"", "9:00", "08:60", "24:01", "25:00"}) {
    EXPECT_THAT(
        Faults(Hours("00:00", malformed)),
        ElementsAre(HasSubstr(absl::StrCat("actions.hours[0].closes \"",
                                           malformed, "\", want HH:MM"))))
        << malformed;
  }
}

TEST(ActionRulesValidationTest, HoursCloseAfterTheyOpen) {
  for (const char* closes : {"12:00", "11:59", "00:00"}) {
    EXPECT_THAT(Faults(Hours("12:00", closes)),
                ElementsAre(HasSubstr("after opens")))
        << closes;
  }
}

TEST(ActionRulesValidationTest, HoursHaveADayOfTheWeek) {
  auto rules = FromText<config::v1::ActionRules>(Hours("08:00", "20:00"));
  for (const int day : {0, 8, -1}) {
    rules.mutable_hours(0)->set_day(static_cast<google::type::DayOfWeek>(day));
    EXPECT_THAT(FaultsOf(rules), ElementsAre(HasSubstr("actions.hours[0].day")))
        << day;
  }
}

TEST(ActionRulesValidationTest, HolidaysAreDaysOfTheCalendar) {
  EXPECT_THAT(Faults("holidays: '2026-12-25' holidays: '2028-02-29'"),
              IsEmpty());
  for (const char* malformed :
       {"", "2026-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-1-05",
        "20261225", "12-25-2026", "2026-12-25 ", "-026-12-25", "0026-12-25",
        "2026-12-2a"}) {
    EXPECT_THAT(
        Faults(
            absl::StrCat("holidays: '2026-12-25' holidays: '", malformed, "'")),
        ElementsAre(HasSubstr(absl::StrCat("actions.holidays[1] \"", malformed,
                                           "\", want a day as YYYY-MM-DD"))))
        << malformed;
  }
}

// Rules with hours on Mondays, all of which in these weeks are holidays.
config::v1::ActionRules WithMondaysOff(int weeks) {
  auto rules = FromText<config::v1::ActionRules>(Hours("08:00", "20:00"));
  for (int i = 0; i < weeks; ++i) {
    rules.add_holidays(
        absl::FormatCivilTime(absl::CivilDay(2026, 11, 30) + int64_t{7} * i));
  }
  return rules;
}

TEST(ActionRulesValidationTest, HolidaysLeaveAnHourOpenInThreeYears) {
  EXPECT_THAT(FaultsOf(WithMondaysOff(156)), IsEmpty());
  config::v1::ActionRules rules = WithMondaysOff(157);
  EXPECT_THAT(FaultsOf(rules),
              ElementsAre(HasSubstr("at least once in 3 years")));
  rules.mutable_holidays()->SwapElements(0, 100);
  EXPECT_THAT(FaultsOf(rules),
              ElementsAre(HasSubstr("at least once in 3 years")));
  rules.mutable_holidays()->DeleteSubrange(80, 1);
  EXPECT_THAT(FaultsOf(rules), IsEmpty());
}

TEST(ActionRulesValidationTest, RulesHaveAKindAndTheNameOfAQueue) {
  EXPECT_THAT(Faults("rules { kind: ACTION_KIND_REPLY } "
                     "rules { kind: ACTION_KIND_REVIEW queue: '2nd_line-a' }"),
              IsEmpty());
  EXPECT_THAT(Faults("rules { queue: 'sales' }"),
              ElementsAre(HasSubstr("actions.rules[0].kind")));
  auto rules = FromText<config::v1::ActionRules>("rules {}");
  rules.mutable_rules(0)->set_kind(static_cast<config::v1::ActionKind>(99));
  EXPECT_THAT(FaultsOf(rules), ElementsAre(HasSubstr("actions.rules[0].kind")));
  for (const char* queue : {"Sales", "-sales", "_sales", "my sales", "s!",
                            "abcdefghijklmnopqrstuvwxyz0123456"}) {
    EXPECT_THAT(Faults(absl::StrCat("rules { kind: ACTION_KIND_REPLY queue: '",
                                    queue, "' }")),
                ElementsAre(HasSubstr(absl::StrCat("actions.rules[0].queue \"",
                                                   queue, "\", want"))));
  }
  EXPECT_THAT(Faults("queues: 'lawyers' queues: 'My lawyers'"),
              ElementsAre(HasSubstr("actions.queues[1] \"My lawyers\", want")));
  EXPECT_THAT(Faults("queues: ''"), SizeIs(1));
  EXPECT_TRUE(IsQueueName("abcdefghijklmnopqrstuvwxyz012345"));
  EXPECT_FALSE(IsQueueName(""));
}

TEST(ActionRulesValidationTest, NumbersAreInTheirRanges) {
  struct Range {
    std::string field;
    int most;
  };
  for (const Range& range :
       {Range{"patience_minutes", 100'000}, Range{"reopen_days", 365},
        Range{"rules[0].due_minutes", 100'000},
        Range{"rules[0].head_start_minutes", 480}}) {
    const auto faults_with = [&](int value) {
      const size_t dot = range.field.find('.');
      if (dot == std::string::npos) {
        return Faults(absl::StrCat(range.field, ": ", value));
      }
      return Faults(absl::StrCat("rules { kind: ACTION_KIND_SOLVE ",
                                 range.field.substr(dot + 1), ": ", value,
                                 " }"));
    };
    EXPECT_THAT(faults_with(0), IsEmpty()) << range.field;
    EXPECT_THAT(faults_with(range.most), IsEmpty()) << range.field;
    for (const int value : {-1, range.most + 1}) {
      EXPECT_THAT(faults_with(value),
                  ElementsAre(absl::StrCat("actions.", range.field, " ", value,
                                           ", want 0 to ", range.most)));
    }
  }
}

TEST(ActionRulesValidationTest, ThereAreNotTooMany) {
  config::v1::ActionRules rules;
  for (int i = 0; i < 50; ++i) {
    *rules.add_hours() =
        FromText<config::v1::ActionRules>(Hours("08:00", "20:00")).hours(0);
  }
  for (int i = 0; i < 1000; ++i) rules.add_holidays("2026-12-25");
  for (int i = 0; i < 100; ++i) {
    rules.add_rules()->set_kind(config::v1::ACTION_KIND_REPLY);
    rules.mutable_rules(i)->set_queue(absl::StrCat("q", i % 20));
  }
  // One that a rule names counts once.
  rules.add_queues("q7");
  EXPECT_THAT(FaultsOf(rules), IsEmpty());
  rules.add_queues("q20");
  EXPECT_THAT(FaultsOf(rules),
              ElementsAre("actions.rules: different queues, want at most 20"));
  rules.clear_queues();
  *rules.add_hours() = rules.hours(0);
  rules.add_holidays("2026-12-25");
  *rules.add_rules() = rules.rules(0);
  rules.mutable_rules(0)->set_queue("q20");
  EXPECT_THAT(
      FaultsOf(rules),
      UnorderedElementsAre("actions.hours, want at most 50",
                           "actions.holidays, want at most 1000",
                           "actions.rules, want at most 100",
                           "actions.rules: different queues, want at most 20"));
}

TEST(ActionRulesValidationTest, NamesAllFaultsAtOnce) {
  EXPECT_THAT(
      Faults(R"(
                hours { day: MONDAY opens: "08:00" closes: "20:00" }
                hours { opens: "8" closes: "7" }
                holidays: "Christmas"
                rules { due_minutes: -5 }
                reopen_days: 400)"),
      ElementsAre(HasSubstr("hours[1].day"), HasSubstr("hours[1].opens"),
                  HasSubstr("hours[1].closes"), HasSubstr("holidays[0]"),
                  HasSubstr("rules[0].kind"),
                  HasSubstr("rules[0].due_minutes -5"),
                  HasSubstr("reopen_days 400")));
}

}  // namespace
}  // namespace kith::auth
