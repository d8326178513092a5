#include "common/auth/contact_rules_validation.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/from_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::auth {
namespace {

using ::kith::testing::FromText;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> FaultsOfContactRules(const std::string& text) {
  return FaultsOf(FromText<config::v1::ContactRules>(text));
}

std::string QuietHours(const std::string& begins, const std::string& ends) {
  return absl::StrCat("quiet_hours { channel: CONTACT_CHANNEL_PHONE begins: '",
                      begins, "' ends: '", ends, "' }");
}

TEST(ContactRulesValidationTest, RulesThatSayNothingAreGood) {
  EXPECT_THAT(FaultsOfContactRules(""), IsEmpty());
}

TEST(ContactRulesValidationTest, CapsHaveWindowsThatASummaryKeeps) {
  for (const int days : {7, 30, 90}) {
    EXPECT_THAT(FaultsOfContactRules(
                    absl::StrCat("caps { count: 3 days: ", days, " }")),
                IsEmpty());
  }
  for (const int days : {-7, 0, 1, 8, 89, 91}) {
    EXPECT_THAT(FaultsOfContactRules(
                    absl::StrCat("caps { count: 3 days: ", days, " }")),
                ElementsAre(absl::StrCat("contact.caps[0].days ", days,
                                         ", want 7, 30 or 90")));
  }
}

TEST(ContactRulesValidationTest, NumbersAreInTheirRanges) {
  const struct {
    const char* good;
    const char* bad;
    const char* fault;
  } rows[] = {
      {"caps { count: 0 days: 7 }", "caps { count: -1 days: 7 }",
       "contact.caps[0].count -1, want 0 to 1000"},
      {"caps { count: 1000 days: 7 }", "caps { count: 1001 days: 7 }",
       "contact.caps[0].count 1001, want 0 to 1000"},
      {"recent_return_days: 365", "recent_return_days: 366",
       "contact.recent_return_days 366, want 0 to 365"},
      {"recent_return_days: 0", "recent_return_days: -1",
       "contact.recent_return_days -1, want 0 to 365"},
      {"stale_phone_months: 120", "stale_phone_months: 121",
       "contact.stale_phone_months 121, want 0 to 120"},
      {"stale_phone_months: 0", "stale_phone_months: -1",
       "contact.stale_phone_months -1, want 0 to 120"},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(FaultsOfContactRules(row.good), IsEmpty()) << row.good;
    EXPECT_THAT(FaultsOfContactRules(row.bad), ElementsAre(row.fault))
        << row.bad;
  }
}

TEST(ContactRulesValidationTest, TopicsAreCountedInCharacters) {
  auto rules = FromText<config::v1::ContactRules>("caps { count: 1 days: 7 }");
  std::string topic;
  for (int i = 0; i < 100; ++i) absl::StrAppend(&topic, "\u00e4");
  rules.mutable_caps(0)->set_topic(topic);
  EXPECT_THAT(FaultsOf(rules), IsEmpty());
  rules.mutable_caps(0)->set_topic(topic + "a");
  EXPECT_THAT(
      FaultsOf(rules),
      ElementsAre("contact.caps[0].topic, want at most 100 characters"));
}

TEST(ContactRulesValidationTest, QuietHoursAreTimesOfTheClock) {
  EXPECT_THAT(FaultsOfContactRules(QuietHours("21:00", "08:00")), IsEmpty());
  EXPECT_THAT(FaultsOfContactRules(QuietHours("00:01", "24:00")), IsEmpty());
  EXPECT_THAT(FaultsOfContactRules(QuietHours("24:00", "08:00")),
              ElementsAre(HasSubstr(
                  "contact.quiet_hours[0].begins \"24:00\", want HH:MM")));
  for (const char* malformed : {"", "8:00", "24:01", "21:00"}) {
    EXPECT_THAT(
        FaultsOfContactRules(QuietHours("21:00", malformed)),
        ElementsAre(HasSubstr(absl::StrCat("contact.quiet_hours[0].ends \"",
                                           malformed, "\", want HH:MM"))))
        << malformed;
  }
}

TEST(ContactRulesValidationTest, QuietHoursHaveAChannelAndDays) {
  EXPECT_THAT(
      FaultsOfContactRules("quiet_hours { begins: '21:00' ends: '08:00' }"),
      ElementsAre("contact.quiet_hours[0].channel, want a channel"));
  auto rules = FromText<config::v1::ContactRules>(QuietHours("21:00", "08:00"));
  rules.mutable_quiet_hours(0)->add_days(google::type::DAY_OF_WEEK_UNSPECIFIED);
  EXPECT_THAT(
      FaultsOf(rules),
      ElementsAre("contact.quiet_hours[0].days, want days of the week"));
}

TEST(ContactRulesValidationTest, QuietHoursLeaveAMinute) {
  const std::string day = QuietHours("00:00", "24:00");
  EXPECT_THAT(FaultsOfContactRules(day),
              ElementsAre("contact.quiet_hours: PHONE is always quiet, want a "
                          "minute in the week"));
  EXPECT_THAT(FaultsOfContactRules(QuietHours("00:00", "12:00") +
                                   QuietHours("12:00", "24:00")),
              ElementsAre(HasSubstr("PHONE is always quiet")));
  EXPECT_THAT(FaultsOfContactRules(QuietHours("00:00", "12:00") +
                                   QuietHours("12:01", "24:00")),
              IsEmpty());
}

TEST(ContactRulesValidationTest, ThereAreNotTooMany) {
  config::v1::ContactRules rules;
  for (int i = 0; i < 20; ++i)
    *rules.add_caps() =
        FromText<config::v1::ContactRules>("caps { days: 7 }").caps(0);
  for (int i = 0; i < 50; ++i) {
    *rules.add_quiet_hours() =
        FromText<config::v1::ContactRules>(QuietHours("21:00", "08:00"))
            .quiet_hours(0);
  }
  EXPECT_THAT(FaultsOf(rules), IsEmpty());
  *rules.add_caps() = rules.caps(0);
  *rules.add_quiet_hours() = rules.quiet_hours(0);
  EXPECT_THAT(FaultsOf(rules),
              ElementsAre("contact.caps, want at most 20",
                          "contact.quiet_hours, want at most 50"));
}

}  // namespace
}  // namespace kith::auth
