#include "interactions-svc/actions/business_time.h"

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "common/auth/business_hours.h"
#include "common/testing/from_text.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using config::v1::ActionRules;
using ::kith::testing::FromText;

constexpr char kBerlin[] = "Europe/Berlin";
constexpr char kNewYork[] = "America/New_York";

// Monday to Friday from 8 to 20, Saturday from 9 to 16.
constexpr char kShop[] = R"(
  hours { day: MONDAY opens: "08:00" closes: "20:00" }
  hours { day: TUESDAY opens: "08:00" closes: "20:00" }
  hours { day: WEDNESDAY opens: "08:00" closes: "20:00" }
  hours { day: THURSDAY opens: "08:00" closes: "20:00" }
  hours { day: FRIDAY opens: "08:00" closes: "20:00" }
  hours { day: SATURDAY opens: "09:00" closes: "16:00" }
  holidays: "2026-12-25" holidays: "2026-12-26" holidays: "2027-01-01"
)";

// Both clocks are put forward and back in the night to a Sunday.
constexpr char kSundayNight[] =
    "hours { day: SUNDAY opens: '00:00' closes: '06:00' }";

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

absl::Time Parsed(const std::string& rfc3339) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, rfc3339, &time, &error))
      << rfc3339 << ": " << error;
  return time;
}

struct AdditionCase {
  std::string what;
  std::string from;
  absl::Duration business;
  std::string want;
};

void CheckAdditions(const char* zone, const std::string& rules,
                    const std::vector<AdditionCase>& cases) {
  for (const AdditionCase& each : cases) {
    const absl::Time got =
        AddBusinessTime(Parsed(each.from), each.business,
                        FromText<ActionRules>(rules), Zone(zone));
    EXPECT_EQ(got, Parsed(each.want))
        << each.what << ": " << absl::FormatTime(got, Zone(zone));
  }
}

TEST(BusinessTimeTest, PassesInTheHoursAlone) {
  const absl::Duration hour = absl::Hours(1);
  CheckAdditions(kBerlin, kShop,
                 {
                     {"within", "2026-11-30T10:00:00+01:00", hour,
                      "2026-11-30T11:00:00+01:00"},
                     {"seconds stay", "2026-11-30T10:00:07.5+01:00", hour,
                      "2026-11-30T11:00:07.5+01:00"},
                     {"before the opening", "2026-11-30T06:00:00+01:00", hour,
                      "2026-11-30T09:00:00+01:00"},
                     {"after the closing", "2026-11-30T21:00:00+01:00", hour,
                      "2026-12-01T09:00:00+01:00"},
                     {"until the closing", "2026-11-30T19:00:00+01:00", hour,
                      "2026-11-30T20:00:00+01:00"},
                     {"over night", "2026-11-30T19:30:00+01:00", hour,
                      "2026-12-01T08:30:00+01:00"},
                     {"over Sunday", "2026-12-05T15:30:00+01:00", hour,
                      "2026-12-07T08:30:00+01:00"},
                     {"on Sunday", "2026-12-06T12:00:00+01:00", hour,
                      "2026-12-07T09:00:00+01:00"},
                 });
}

TEST(BusinessTimeTest, NoTimeIsOverAtOnceOrAtTheNextOpening) {
  const absl::Duration none = absl::ZeroDuration();
  CheckAdditions(kBerlin, kShop,
                 {
                     {"within", "2026-11-30T10:00:00+01:00", none,
                      "2026-11-30T10:00:00+01:00"},
                     {"at the opening", "2026-11-30T08:00:00+01:00", none,
                      "2026-11-30T08:00:00+01:00"},
                     {"at the closing", "2026-11-30T20:00:00+01:00", none,
                      "2026-12-01T08:00:00+01:00"},
                     {"on Sunday", "2026-12-06T12:00:00+01:00", none,
                      "2026-12-07T08:00:00+01:00"},
                     {"negative", "2026-11-30T10:00:00+01:00", -absl::Hours(1),
                      "2026-11-30T10:00:00+01:00"},
                 });
}

TEST(BusinessTimeTest, GoesOverWeeksAndHolidays) {
  // Wednesday has 1 hour left, Thursday 12; then holidays and a Sunday.
  CheckAdditions(kBerlin, kShop,
                 {
                     {"a week", "2026-12-23T19:00:00+01:00", absl::Hours(60),
                      "2026-12-31T19:00:00+01:00"},
                     {"a new year", "2026-12-23T19:00:00+01:00",
                      absl::Hours(62), "2027-01-02T10:00:00+01:00"},
                     {"from a holiday", "2026-12-25T10:00:00+01:00",
                      absl::Hours(1), "2026-12-28T09:00:00+01:00"},
                 });
}

TEST(BusinessTimeTest, ALeapDayIsADay) {
  CheckAdditions(kBerlin, kShop,
                 {{"worked", "2028-02-28T19:00:00+01:00", absl::Hours(14),
                   "2028-03-01T09:00:00+01:00"}});
  CheckAdditions(kBerlin, std::string(kShop) + "holidays: '2028-02-29'",
                 {{"a holiday", "2028-02-28T19:00:00+01:00", absl::Hours(2),
                   "2028-03-01T09:00:00+01:00"}});
}

TEST(BusinessTimeTest, HoursThatOverlapOrAdjoinAreOne) {
  CheckAdditions(kBerlin, R"(
          hours { day: MONDAY opens: "14:00" closes: "15:00" }
          hours { day: MONDAY opens: "08:00" closes: "12:00" }
          hours { day: MONDAY opens: "13:00" closes: "13:30" }
          hours { day: MONDAY opens: "10:00" closes: "14:00" }
          hours { day: MONDAY opens: "18:00" closes: "24:00" }
          hours { day: TUESDAY opens: "00:00" closes: "02:00" })",
                 {
                     {"once", "2026-11-30T08:00:00+01:00", absl::Hours(7),
                      "2026-11-30T15:00:00+01:00"},
                     {"the break", "2026-11-30T08:00:00+01:00", absl::Hours(8),
                      "2026-11-30T19:00:00+01:00"},
                     {"midnight", "2026-11-30T23:00:00+01:00", absl::Hours(2),
                      "2026-12-01T01:00:00+01:00"},
                 });
}

TEST(BusinessTimeTest, WithoutHoursOnlyHolidaysAreLeftOut) {
  CheckAdditions(kBerlin, "holidays: '2026-12-25'",
                 {
                     {"no holiday", "2026-11-28T23:00:00+01:00",
                      absl::Hours(100), "2026-12-03T03:00:00+01:00"},
                     {"a holiday", "2026-12-24T23:00:00+01:00", absl::Hours(2),
                      "2026-12-26T01:00:00+01:00"},
                 });
}

TEST(BusinessTimeTest, AnHourThatTheClockSkipsIsNoTime) {
  CheckAdditions(kBerlin, "",
                 {{"around the clock", "2026-03-28T12:00:00+01:00",
                   absl::Hours(24), "2026-03-29T13:00:00+02:00"}});
  CheckAdditions(kBerlin, "holidays: '2026-03-29'",
                 {{"a holiday", "2026-03-28T23:00:00+01:00", absl::Hours(2),
                   "2026-03-30T01:00:00+02:00"}});
  CheckAdditions(kBerlin, kSundayNight,
                 {{"the night", "2026-03-29T00:00:00+01:00", absl::Hours(5),
                   "2026-03-29T06:00:00+02:00"},
                  {"more", "2026-03-29T00:00:00+01:00", absl::Minutes(330),
                   "2026-04-05T00:30:00+02:00"}});
  CheckAdditions(kBerlin,
                 "hours { day: SUNDAY opens: '02:30' closes: '04:00' }",
                 {{"opens in it", "2026-03-28T12:00:00+01:00",
                   absl::Minutes(30), "2026-03-29T03:30:00+02:00"}});
  CheckAdditions(kBerlin,
                 "hours { day: SUNDAY opens: '02:00' closes: '03:00' }",
                 {{"is in it", "2026-03-28T12:00:00+01:00", absl::Minutes(30),
                   "2026-04-05T02:30:00+02:00"}});
  CheckAdditions(kNewYork, kSundayNight,
                 {{"New York", "2026-03-08T00:00:00-05:00", absl::Hours(5),
                   "2026-03-08T06:00:00-04:00"}});
}

TEST(BusinessTimeTest, AnHourThatTheClockShowsTwiceIsTwoHours) {
  CheckAdditions(kBerlin, "",
                 {{"around the clock", "2026-10-24T12:00:00+02:00",
                   absl::Hours(24), "2026-10-25T11:00:00+01:00"}});
  CheckAdditions(kBerlin, kSundayNight,
                 {{"the night", "2026-10-25T00:00:00+02:00", absl::Hours(7),
                   "2026-10-25T06:00:00+01:00"}});
  CheckAdditions(kBerlin,
                 "hours { day: SUNDAY opens: '02:30' closes: '04:00' }",
                 {{"opens at the first", "2026-10-25T00:00:00+02:00",
                   absl::Minutes(90), "2026-10-25T03:00:00+01:00"},
                  {"from the second", "2026-10-25T02:30:00+01:00",
                   absl::Minutes(60), "2026-10-25T03:30:00+01:00"}});
  CheckAdditions(kBerlin,
                 "hours { day: SUNDAY opens: '01:00' closes: '02:30' }",
                 {{"closes at the first", "2026-10-25T01:00:00+02:00",
                   absl::Minutes(90), "2026-10-25T02:30:00+02:00"},
                  {"not again", "2026-10-25T02:15:00+01:00", absl::Minutes(30),
                   "2026-11-01T01:30:00+01:00"}});
  CheckAdditions(kNewYork, kSundayNight,
                 {{"New York", "2026-11-01T00:00:00-04:00", absl::Hours(7),
                   "2026-11-01T06:00:00-05:00"}});
}

TEST(BusinessTimeTest, TheHoursOfTheShopMoveWithTheClock) {
  const absl::Duration two_hours = absl::Hours(2);
  CheckAdditions(kBerlin, kShop,
                 {{"spring", "2026-03-28T15:00:00+01:00", two_hours,
                   "2026-03-30T09:00:00+02:00"},
                  {"autumn", "2026-10-24T15:00:00+02:00", two_hours,
                   "2026-10-26T09:00:00+01:00"}});
  CheckAdditions(kNewYork, kShop,
                 {{"spring", "2026-03-07T15:00:00-05:00", two_hours,
                   "2026-03-09T09:00:00-04:00"},
                  {"autumn", "2026-10-31T15:00:00-04:00", two_hours,
                   "2026-11-02T09:00:00-05:00"}});
}

// Samoa went over the date line: there was no 30 December 2011, a Friday.
TEST(BusinessTimeTest, ADayThatTheCalendarSkipsIsNoTime) {
  CheckAdditions("Pacific/Apia", "",
                 {{"around the clock", "2011-12-29T23:00:00-10:00",
                   absl::Hours(2), "2011-12-31T01:00:00+14:00"}});
  CheckAdditions("Pacific/Apia",
                 "hours { day: FRIDAY opens: '08:00' closes: '20:00' }",
                 {{"Fridays", "2011-12-29T23:00:00-10:00", absl::Hours(2),
                   "2012-01-06T10:00:00+14:00"}});
}

TEST(BusinessTimeTest, EndsAfterThreeYears) {
  const absl::TimeZone zone = Zone(kBerlin);
  const absl::Time from = Parsed("2026-11-30T10:00:00+01:00");
  const absl::Time end =
      absl::FromCivil(absl::CivilDay(2026, 11, 30) + auth::kCalendarDays, zone);
  // One hour a week, and no hour at all: Make refuses the latter.
  for (const char* rules :
       {"hours { day: MONDAY opens: '08:00' closes: '09:00' }",
        "hours { day: MONDAY opens: '09:00' closes: '09:00' }"}) {
    EXPECT_EQ(AddBusinessTime(from, absl::Minutes(100'000),
                              FromText<ActionRules>(rules), zone),
              end)
        << rules;
  }
}

// Counts minute by minute what AddBusinessTime computes, by what the clock
// shows. Whole hours are never cut by a change of these clocks.
absl::Time Counted(absl::Time from, int minutes, const ActionRules& rules,
                   absl::TimeZone zone) {
  const auth::WeekHours week = auth::WeekHoursOf(rules);
  for (absl::Time time = from;; time += absl::Minutes(1)) {
    const absl::CivilMinute shown = absl::ToCivilMinute(time, zone);
    const absl::CivilDay day(shown);
    const auto minute = static_cast<int>(shown - absl::CivilMinute(day));
    bool open = false;
    for (const auth::OpenSpan& span :
         week[static_cast<size_t>(absl::GetWeekday(day))]) {
      open |= span.opens <= minute && minute < span.closes;
    }
    if (!open || auth::IsHoliday(rules, day)) continue;
    if (minutes-- == 0) return time;
  }
}

TEST(BusinessTimeTest, IsWhatCountingMinutesFinds) {
  const auto rules =
      FromText<ActionRules>(std::string(kShop) + kSundayNight + R"(
    hours { day: SUNDAY opens: "22:00" closes: "24:00" }
    hours { day: MONDAY opens: "00:00" closes: "03:00" })");
  for (const char* name : {kBerlin, kNewYork}) {
    const absl::TimeZone zone = Zone(name);
    for (const absl::CivilDay first :
         {absl::CivilDay(2026, 3, 6), absl::CivilDay(2026, 3, 27),
          absl::CivilDay(2026, 10, 23), absl::CivilDay(2026, 10, 30),
          absl::CivilDay(2026, 12, 24)}) {
      const absl::Time begin = absl::FromCivil(first, zone);
      for (int i = 0; i < 12; ++i) {
        const absl::Time from = begin + i * absl::Minutes(431);
        for (const int minutes : {0, 1, 59, 607, 1999}) {
          // The end of the last minute: what is over at a closing time does
          // not last until the next opening.
          const absl::Time want =
              minutes == 0
                  ? Counted(from, 0, rules, zone)
                  : Counted(from, minutes - 1, rules, zone) + absl::Minutes(1);
          EXPECT_EQ(AddBusinessTime(from, absl::Minutes(minutes), rules, zone),
                    want)
              << name << ", " << absl::FormatTime(from, zone) << ", "
              << minutes;
        }
      }
    }
  }
}

}  // namespace
}  // namespace kith::interactions
