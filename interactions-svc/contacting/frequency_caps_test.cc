#include "interactions-svc/contacting/frequency_caps.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/times.h"
#include "common/testing/from_text.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using absl::CivilDay;
using absl::StatusCode;
using config::v1::ContactRules;
using ::kith::testing::FromText;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

const CivilDay kCapDay(2026, 6, 15);

// Touches by their distance from kCapDay in days; those of a topic beside.
v1::MarketingTouches TouchesOn(const std::vector<std::pair<int, int>>& days,
                               const std::string& topic = "") {
  v1::MarketingTouches marketing;
  for (const auto& [distance, count] : days) {
    v1::MarketingDay& day = *marketing.add_days();
    *day.mutable_date() = base::ToProto(kCapDay + distance);
    day.set_count(count);
    if (topic.empty()) continue;
    v1::MarketingTopic& counted = *day.add_topics();
    counted.set_topic(topic);
    counted.set_count(count);
  }
  return marketing;
}

TEST(FrequencyCapsTest, CountAnyDaysInARowWithTheDayAmongThem) {
  const auto rules = FromText<ContactRules>("caps { count: 3 days: 7 }");
  const struct {
    const char* what;
    std::vector<std::pair<int, int>> days;
    int day;
    // -1 if no cap is reached.
    int counted;
  } rows[] = {
      {"nothing", {}, 0, -1},
      {"one less", {{0, 2}}, 0, -1},
      {"as many", {{0, 3}}, 0, 3},
      {"the seventh day", {{-6, 2}, {0, 1}}, 0, 3},
      {"the eighth day", {{-7, 2}, {0, 1}}, 0, -1},
      // What is dated back, or ahead, does not slip past the cap.
      {"a day before what was sent", {{0, 3}}, -6, 3},
      {"too long before it", {{0, 3}}, -7, -1},
      {"a day that is ahead", {{0, 3}}, 1, 3},
      {"both sides", {{-4, 2}, {3, 1}}, 0, -1},
      {"both sides within seven days", {{-3, 2}, {3, 1}}, 0, 3},
      {"beyond it already", {{-1, 5}, {1, 4}}, 0, 9},
  };
  for (const auto& row : rows) {
    const auto reached =
        ReachedCaps(rules, "", kCapDay + row.day, TouchesOn(row.days));
    EXPECT_EQ(reached.empty() ? -1 : static_cast<int>(reached[0].counted()),
              row.counted)
        << row.what;
  }
}

TEST(FrequencyCapsTest, ACapOfATopicIsOfThatTopicAlone) {
  const auto rules =
      FromText<ContactRules>("caps { topic: 'shoes' count: 1 days: 30 }");
  const v1::MarketingTouches shoes = TouchesOn({{-20, 1}}, "shoes");
  EXPECT_EQ(ReachedCaps(rules, "shoes", kCapDay, shoes).size(), 1U);
  EXPECT_TRUE(ReachedCaps(rules, "hats", kCapDay, shoes).empty());
  EXPECT_TRUE(ReachedCaps(rules, "", kCapDay, shoes).empty());
  EXPECT_TRUE(
      ReachedCaps(rules, "shoes", kCapDay, TouchesOn({{-20, 9}}, "hats"))
          .empty());
}

TEST(FrequencyCapsTest, AllThatAreReachedAreNamed) {
  const auto rules = FromText<ContactRules>(R"(
    caps { count: 2 days: 7 } caps { count: 9 days: 30 }
    caps { count: 2 days: 90 })");
  const auto reached = ReachedCaps(rules, "", kCapDay, TouchesOn({{0, 2}}));
  ASSERT_EQ(reached.size(), 2U);
  EXPECT_EQ(reached[0].cap().days(), 7);
  EXPECT_EQ(reached[1].cap().days(), 90);
}

TEST(FrequencyCapsTest, ACapOfNoneAllowsNothing) {
  EXPECT_EQ(ReachedCaps(FromText<ContactRules>("caps { days: 7 }"), "", kCapDay,
                        TouchesOn({}))
                .size(),
            1U);
}

// A call of a caller with these scopes, that the gateway forwards or not.
base::RequestContext CallOf(std::vector<std::string> scopes,
                            const char* gateway_scope = nullptr) {
  base::RequestContext context = base::ContextOf(1);
  auto caller = std::make_shared<base::Principal>(*context.principal);
  caller->assurance = config::v1::ASSURANCE_REPORTED;
  caller->scopes.insert(scopes.begin(), scopes.end());
  context.principal = std::move(caller);
  if (gateway_scope != nullptr) {
    auto gateway = std::make_shared<base::Principal>();
    gateway->scopes.insert(gateway_scope);
    context.forwarder = std::move(gateway);
  }
  return context;
}

v1::Interaction AdOf(const char* source) {
  v1::Interaction ad;
  ad.set_kind(v1::KIND_AD);
  ad.set_source(source);
  return ad;
}

TEST(AdvertiserTest, OwnAdvertisingNeedsTheScopeOrTheGateway) {
  EXPECT_THAT(CheckAdvertiser(CallOf({"interactions.write"}), AdOf("")),
              StatusIs(StatusCode::kPermissionDenied,
                       "needs the scope interactions.advertise; record it by "
                       "the gateway"));
  EXPECT_THAT(CheckAdvertiser(CallOf({"interactions.advertise"}), AdOf("")),
              IsOk());
  EXPECT_THAT(CheckAdvertiser(CallOf({}, "interactions.advertise"), AdOf("")),
              IsOk());
  EXPECT_THAT(CheckAdvertiser(CallOf({}, "changes.tail_all"), AdOf("")),
              StatusIs(StatusCode::kPermissionDenied, ""));
}

TEST(AdvertiserTest, WhatIsReportedOrNoAdvertisingNeedsNone) {
  EXPECT_THAT(CheckAdvertiser(CallOf({}), AdOf("mailer")), IsOk());
  v1::Interaction letter;
  letter.set_kind(v1::KIND_EMAIL);
  letter.set_purpose(v1::PURPOSE_MARKETING);
  EXPECT_THAT(CheckAdvertiser(CallOf({}), letter), IsOk());
  letter.set_direction(v1::DIRECTION_OUTBOUND);
  EXPECT_THAT(CheckAdvertiser(CallOf({}), letter),
              StatusIs(StatusCode::kPermissionDenied, ""));
  letter.set_purpose(v1::PURPOSE_SALES);
  EXPECT_THAT(CheckAdvertiser(CallOf({}), letter), IsOk());
}

}  // namespace
}  // namespace kith::interactions
