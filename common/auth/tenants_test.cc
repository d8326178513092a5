#include "common/auth/tenants.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/testing/from_text.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::auth {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

absl::StatusOr<Tenants> MakeTenants(const std::string& text) {
  return Tenants::Make(testing::FromText<config::v1::TenantsFile>(text));
}

constexpr char kTwo[] = R"(
  tenants { id: 1 slug: "demo" region: "US" time_zone: "America/Los_Angeles" }
  tenants { id: 2 slug: "b-2" region: "DE" time_zone: "Europe/Berlin" })";

TEST(TenantsTest, FindsATenantByItsSlug) {
  const auto tenants = MakeTenants(kTwo);
  ASSERT_THAT(tenants, IsOk());
  EXPECT_EQ(tenants->Find("demo")->id(), 1);
  EXPECT_EQ(tenants->Find("b-2")->id(), 2);
  EXPECT_EQ(tenants->Find("Demo"), nullptr);
  EXPECT_EQ(tenants->Find(""), nullptr);
}

TEST(TenantsTest, HasAllOfTheFile) {
  const auto tenants = MakeTenants(kTwo);
  ASSERT_THAT(tenants, IsOk());
  std::vector<std::string> slugs;
  for (const auto& tenant : tenants->All()) slugs.push_back(tenant->slug());
  EXPECT_THAT(slugs, UnorderedElementsAre("demo", "b-2"));
}

TEST(TenantsTest, AFileWithoutATenantIsRefused) {
  EXPECT_THAT(MakeTenants(""),
              StatusIs(StatusCode::kInvalidArgument, "no tenant"));
}

TEST(TenantsTest, NamesAllFaultsAtOnce) {
  const auto refused = MakeTenants(R"(
    tenants { id: 1 slug: "demo" region: "US" time_zone: "UTC" }
    tenants { id: 1 slug: "two" region: "US" time_zone: "UTC" }
    tenants { id: 0 slug: "zero" region: "US" time_zone: "UTC" }
    tenants { id: 3 slug: "demo" region: "US" time_zone: "UTC" }
    tenants { id: 4 slug: "Loud" region: "US" time_zone: "UTC" }
    tenants { id: 5 slug: "usa" region: "usa" time_zone: "UTC" }
    tenants { id: 6 slug: "mars" region: "US" time_zone: "Mars/Base" })");
  ASSERT_THAT(refused, StatusIs(StatusCode::kInvalidArgument, "tenants file"));
  EXPECT_THAT(std::string(refused.status().message()),
              AllOf(HasSubstr("\"two\": id is 0 or used twice"),
                    HasSubstr("\"zero\": id is 0 or used twice"),
                    HasSubstr("\"demo\": slug is used twice"),
                    HasSubstr("\"Loud\": slug, want [a-z][a-z0-9-]{0,31}"),
                    HasSubstr("\"usa\": region"),
                    HasSubstr("\"mars\": time_zone \"Mars/Base\"")));
}

TEST(TenantsTest, ASlugIsAtMost32LowerCaseCharacters) {
  const auto with_slug = [](const std::string& slug) {
    return MakeTenants("tenants { id: 1 region: 'US' time_zone: 'UTC' slug: '" +
                       slug + "' }");
  };
  EXPECT_THAT(with_slug(std::string(32, 'a')), IsOk());
  for (const std::string& slug :
       {std::string(), std::string(33, 'a'), std::string("1a"),
        std::string("a_b"), std::string("-a")}) {
    EXPECT_THAT(with_slug(slug), StatusIs(StatusCode::kInvalidArgument, "slug"))
        << slug;
  }
}

TEST(TenantsTest, MoreThanAThousandPlaceholdersAreRefused) {
  auto file = testing::FromText<config::v1::TenantsFile>(kTwo);
  for (int i = 0; i < 1000; ++i) {
    file.mutable_tenants(0)->add_placeholders(std::to_string(i));
  }
  EXPECT_THAT(Tenants::Make(file), IsOk());
  file.mutable_tenants(0)->add_placeholders("n/a");
  EXPECT_THAT(Tenants::Make(file),
              StatusIs(StatusCode::kInvalidArgument, "placeholders"));
}

TEST(TenantsTest, FaultsOfRulesNameTheirTenant) {
  const auto refused = MakeTenants(R"(
    tenants {
      id: 1 slug: "demo" region: "US" time_zone: "UTC"
      actions { hours { day: MONDAY opens: "08:00" closes: "24:00" } }
    }
    tenants {
      id: 2 slug: "two" region: "US" time_zone: "UTC"
      actions { holidays: "2026-02-30" reopen_days: 366 }
      contact { caps { count: 1 days: 8 } }
    })");
  ASSERT_THAT(refused, StatusIs(StatusCode::kInvalidArgument, "tenants file"));
  EXPECT_THAT(std::string(refused.status().message()),
              AllOf(HasSubstr("\"two\": actions.holidays[0] \"2026-02-30\""),
                    HasSubstr("\"two\": actions.reopen_days 366"),
                    HasSubstr("\"two\": contact.caps[0].days 8"),
                    Not(HasSubstr("\"demo\""))));
}

TEST(TenantsTest, LimitsOfIdentitiesHaveARange) {
  const auto make = [](const char* limits) {
    return MakeTenants(absl::StrCat(
        R"(tenants { id: 1 slug: "demo" region: "US" time_zone: "UTC" )",
        "identity_limits { ", limits, " } }"));
  };
  for (const char* good :
       {"new_values_per_day: 1", "new_values_per_day: 500",
        "companions_per_day: 0", "companions_per_day: 100"}) {
    EXPECT_THAT(make(good), IsOk()) << good;
  }
  for (const char* bad :
       {"new_values_per_day: 0", "new_values_per_day: 501",
        "companions_per_day: -1", "companions_per_day: 101"}) {
    EXPECT_THAT(make(bad),
                StatusIs(StatusCode::kInvalidArgument, "identity_limits"))
        << bad;
  }
}

TEST(TenantsTest, TheDaysOfTheJournalHaveARange) {
  const auto make = [](const char* rules) {
    return MakeTenants(absl::StrCat(
        R"(tenants { id: 1 slug: "demo" region: "US" time_zone: "UTC" )",
        "journal { ", rules, " } }"));
  };
  for (const char* good : {"", "done_days: 1", "done_days: 90",
                           "failed_days: 7", "failed_days: 365"}) {
    EXPECT_THAT(make(good), IsOk()) << good;
  }
  for (const char* bad : {"done_days: 0", "done_days: 91", "failed_days: 6",
                          "failed_days: 366"}) {
    EXPECT_THAT(make(bad), StatusIs(StatusCode::kInvalidArgument, "journal."))
        << bad;
  }
}

absl::CivilDay Day(const char* time_zone, absl::CivilSecond utc) {
  config::v1::Tenant tenant;
  tenant.set_time_zone(time_zone);
  return CalendarDay(absl::FromCivil(utc, absl::UTCTimeZone()), tenant);
}

TEST(CalendarDayTest, ChangesAtTheZonesMidnight) {
  constexpr char kZone[] = "America/Los_Angeles";
  EXPECT_EQ(Day(kZone, absl::CivilSecond(2026, 6, 15, 6, 59, 59)),
            absl::CivilDay(2026, 6, 14));
  EXPECT_EQ(Day(kZone, absl::CivilSecond(2026, 6, 15, 7, 0, 0)),
            absl::CivilDay(2026, 6, 15));
  // An hour later in winter.
  EXPECT_EQ(Day(kZone, absl::CivilSecond(2026, 1, 15, 7, 59, 59)),
            absl::CivilDay(2026, 1, 14));
  EXPECT_EQ(Day(kZone, absl::CivilSecond(2026, 1, 15, 8, 0, 0)),
            absl::CivilDay(2026, 1, 15));
  EXPECT_EQ(Day("Asia/Tokyo", absl::CivilSecond(2026, 6, 14, 15)),
            absl::CivilDay(2026, 6, 15));
  EXPECT_EQ(Day("UTC", absl::CivilSecond(1969, 12, 31, 23, 59, 59)),
            absl::CivilDay(1969, 12, 31));
}

}  // namespace
}  // namespace kith::auth
