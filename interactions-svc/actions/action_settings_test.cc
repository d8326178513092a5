#include "interactions-svc/actions/action_settings.h"

#include <string>

#include "common/testing/from_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using config::v1::ActionKind;
using ::testing::ElementsAre;

config::v1::Tenant TenantWith(const std::string& rules) {
  config::v1::Tenant tenant;
  tenant.set_time_zone("Europe/Berlin");
  *tenant.mutable_actions() = testing::FromText<config::v1::ActionRules>(rules);
  return tenant;
}

// The setting as text: queue, minutes until due, minutes of head start.
std::string Setting(const config::v1::Tenant& tenant, ActionKind kind,
                    const std::string& topic = "") {
  const ActionSetting setting = SettingOf(tenant, kind, topic);
  return setting.queue + " " +
         std::to_string(absl::ToInt64Minutes(setting.due)) + " " +
         std::to_string(absl::ToInt64Minutes(setting.head_start));
}

absl::Time Instant(const std::string& rfc3339) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, rfc3339, &time, &error))
      << rfc3339 << ": " << error;
  return time;
}

TEST(ActionSettingsTest, EachKindHasItsDefaults) {
  const config::v1::Tenant tenant = TenantWith("");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_REPLY), "service 240 0");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_SOLVE), "service 60 60");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_CALL_BACK), "service 60 0");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_FIRST_CONTACT),
            "sales 30 0");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_FOLLOW_UP),
            "service 480 0");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_REVIEW), "review 480 0");
}

TEST(ActionSettingsTest, WhatARuleLeavesUnsetHasTheDefaultOfTheKind) {
  const config::v1::Tenant tenant = TenantWith(R"(
    rules { kind: ACTION_KIND_SOLVE due_minutes: 15 }
    rules { kind: ACTION_KIND_REPLY queue: "mail" head_start_minutes: 5 }
    rules { kind: ACTION_KIND_REVIEW due_minutes: 0 })");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_SOLVE), "service 15 60");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_REPLY), "mail 240 5");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_REVIEW), "review 0 0");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_CALL_BACK), "service 60 0");
}

TEST(ActionSettingsTest, AHeadStartOf0IsNotTheDefault) {
  const config::v1::Tenant tenant =
      TenantWith("rules { kind: ACTION_KIND_SOLVE head_start_minutes: 0 }");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_SOLVE), "service 60 0");
}

TEST(ActionSettingsTest, RulesOfTheTopicComeFirstThenTheirOrder) {
  const config::v1::Tenant tenant = TenantWith(R"(
    rules { kind: ACTION_KIND_REPLY queue: "any" due_minutes: 1 }
    rules { kind: ACTION_KIND_REPLY queue: "late" }
    rules { kind: ACTION_KIND_SOLVE topic: "repair" queue: "other-kind" }
    rules { kind: ACTION_KIND_REPLY topic: "repair" queue: "workshop" }
    rules { kind: ACTION_KIND_REPLY topic: "repair" queue: "late" })");
  const ActionKind reply = config::v1::ACTION_KIND_REPLY;
  EXPECT_EQ(Setting(tenant, reply, "repair"), "workshop 240 0");
  EXPECT_EQ(Setting(tenant, reply, "Repair"), "any 1 0");
  EXPECT_EQ(Setting(tenant, reply, "delivery"), "any 1 0");
  EXPECT_EQ(Setting(tenant, reply, ""), "any 1 0");
}

TEST(ActionSettingsTest, ARuleOfATopicIsForThatTopicAlone) {
  const config::v1::Tenant tenant = TenantWith(R"(
    rules { kind: ACTION_KIND_SOLVE topic: "repair" queue: "workshop" })");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_SOLVE), "service 60 60");
  EXPECT_EQ(Setting(tenant, config::v1::ACTION_KIND_SOLVE, "delivery"),
            "service 60 60");
}

TEST(ActionSettingsTest, IsDueInBusinessTimeByTheClockOfTheTenant) {
  config::v1::Tenant tenant = TenantWith(R"(
    hours { day: FRIDAY opens: "08:00" closes: "20:00" }
    hours { day: MONDAY opens: "08:00" closes: "20:00" }
    holidays: "2026-12-04"
    rules { kind: ACTION_KIND_REPLY due_minutes: 90 })");
  const ActionSetting setting =
      SettingOf(tenant, config::v1::ACTION_KIND_REPLY, "");
  EXPECT_EQ(DueTime(tenant, setting, Instant("2026-11-30T18:00:00Z")),
            Instant("2026-12-07T08:30:00+01:00"));
  tenant.set_time_zone("America/New_York");
  EXPECT_EQ(DueTime(tenant, setting, Instant("2026-11-30T18:00:00Z")),
            Instant("2026-11-30T14:30:00-05:00"));
}

TEST(ActionSettingsTest, TheQueuesAreThoseOfTheRulesAndOfWhatHasNone) {
  EXPECT_THAT(QueuesOf(TenantWith("")),
              ElementsAre("review", "sales", "service"));
  EXPECT_THAT(QueuesOf(TenantWith(R"(
    rules { kind: ACTION_KIND_FIRST_CONTACT queue: "leads" }
    rules { kind: ACTION_KIND_SOLVE topic: "repair" queue: "workshop" }
    rules { kind: ACTION_KIND_SOLVE topic: "delivery" })")),
              ElementsAre("leads", "review", "service", "workshop"));
  EXPECT_THAT(QueuesOf(TenantWith("queues: 'lawyers' queues: 'sales'")),
              ElementsAre("lawyers", "review", "sales", "service"));
}

TEST(ActionSettingsTest, PatienceIsAnHourUnlessTheTenantSaysOtherwise) {
  EXPECT_EQ(Patience(TenantWith("")), absl::Minutes(60));
  EXPECT_EQ(Patience(TenantWith("patience_minutes: 0")), absl::ZeroDuration());
  EXPECT_EQ(Patience(TenantWith("patience_minutes: 90")), absl::Minutes(90));
}

}  // namespace
}  // namespace kith::interactions
