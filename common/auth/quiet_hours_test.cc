#include "common/auth/quiet_hours.h"

#include <optional>
#include <string>

#include "absl/time/civil_time.h"
#include "common/testing/from_text.h"
#include "gtest/gtest.h"

namespace kith::auth {
namespace {

using absl::CivilSecond;

constexpr char kNights[] = R"(
  quiet_hours { channel: CONTACT_CHANNEL_PHONE begins: "21:00" ends: "08:30" }
  quiet_hours { channel: CONTACT_CHANNEL_PHONE days: SUNDAY
                begins: "00:00" ends: "24:00" })";

config::v1::Tenant TenantOf(const std::string& rules, const char* zone) {
  config::v1::Tenant tenant;
  tenant.set_time_zone(zone);
  *tenant.mutable_contact() =
      testing::FromText<config::v1::ContactRules>(rules);
  return tenant;
}

absl::TimeZone ZoneOf(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

// The end of the quiet hours by the clock; the given time if it is not quiet.
CivilSecond EndAt(CivilSecond clock, const std::string& rules = kNights) {
  constexpr char kZone[] = "Europe/Berlin";
  const absl::Time time = absl::FromCivil(clock, ZoneOf(kZone));
  const std::optional<absl::Time> end = QuietUntil(
      TenantOf(rules, kZone), config::v1::CONTACT_CHANNEL_PHONE, time);
  return end.has_value() ? absl::ToCivilSecond(*end, ZoneOf(kZone)) : clock;
}

TEST(QuietHoursTest, EndByTheClockOfTheTenant) {
  // 2026-03-02 is a Monday.
  const struct {
    CivilSecond time;
    CivilSecond end;
  } rows[] = {
      {CivilSecond(2026, 3, 2, 8, 29, 59), CivilSecond(2026, 3, 2, 8, 30, 0)},
      {CivilSecond(2026, 3, 2, 8, 30, 0), CivilSecond(2026, 3, 2, 8, 30, 0)},
      {CivilSecond(2026, 3, 2, 20, 59, 59),
       CivilSecond(2026, 3, 2, 20, 59, 59)},
      {CivilSecond(2026, 3, 2, 21, 0, 0), CivilSecond(2026, 3, 3, 8, 30, 0)},
      {CivilSecond(2026, 3, 3, 0, 0, 0), CivilSecond(2026, 3, 3, 8, 30, 0)},
      // Hours that adjoin are one span: from Saturday's night over Sunday to
      // Monday, which begins the week.
      {CivilSecond(2026, 3, 7, 22, 0, 0), CivilSecond(2026, 3, 9, 8, 30, 0)},
      {CivilSecond(2026, 3, 8, 12, 0, 0), CivilSecond(2026, 3, 9, 8, 30, 0)},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(EndAt(row.time), row.end) << absl::FormatCivilTime(row.time);
  }
}

TEST(QuietHoursTest, AreOfTheirChannelAlone) {
  const config::v1::Tenant tenant = TenantOf(kNights, "Europe/Berlin");
  const absl::Time night = absl::FromCivil(CivilSecond(2026, 3, 2, 23, 0, 0),
                                           ZoneOf("Europe/Berlin"));
  EXPECT_FALSE(
      QuietUntil(tenant, config::v1::CONTACT_CHANNEL_EMAIL, night).has_value());
  EXPECT_TRUE(
      QuietUntil(tenant, config::v1::CONTACT_CHANNEL_PHONE, night).has_value());
}

TEST(QuietHoursTest, ThereAreNoneWithoutRules) {
  EXPECT_EQ(EndAt(CivilSecond(2026, 3, 2, 3, 0, 0), ""),
            CivilSecond(2026, 3, 2, 3, 0, 0));
}

TEST(QuietHoursTest, ChangesOfTheClockKeepTheHours) {
  // 2026-03-29 the clock goes from 02:00 to 03:00.
  constexpr char kToSkipped[] = R"(quiet_hours {
    channel: CONTACT_CHANNEL_PHONE begins: "01:00" ends: "02:30" })";
  EXPECT_EQ(EndAt(CivilSecond(2026, 3, 29, 1, 30, 0), kToSkipped),
            CivilSecond(2026, 3, 29, 3, 0, 0));
  // 2026-10-25 it goes from 03:00 to 02:00: the end is the first 02:30, and a
  // time after it that the clock shows again is quiet until the second.
  const config::v1::Tenant tenant = TenantOf(kToSkipped, "Europe/Berlin");
  const absl::Time first =
      absl::FromCivil(CivilSecond(2026, 10, 25, 0, 0, 0), absl::UTCTimeZone());
  const auto until = [&](absl::Duration after) {
    const auto end =
        QuietUntil(tenant, config::v1::CONTACT_CHANNEL_PHONE, first + after);
    return end.has_value() ? *end - first : absl::ZeroDuration();
  };
  EXPECT_EQ(until(absl::Minutes(15)), absl::Minutes(30));
  EXPECT_EQ(until(absl::Minutes(45)), absl::ZeroDuration());
  EXPECT_EQ(until(absl::Minutes(75)), absl::Minutes(90));
}

}  // namespace
}  // namespace kith::auth
