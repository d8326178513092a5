#include "identity-svc/quarantine/daily_gains.h"

#include <string>

#include "absl/container/flat_hash_map.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr int64_t kNoon = 1'000'000'000'000'000;

v1::Identity ValueOf(v1::Channel channel, const std::string& key) {
  v1::Identity identity;
  identity.set_channel(channel);
  identity.set_identity_key(key);
  return identity;
}

TEST(DailyGainsTest, ADayIsTheTwentyFourHoursBeforeNow) {
  EXPECT_TRUE(IsWithinDay(kNoon, kNoon));
  EXPECT_TRUE(IsWithinDay(kNoon - kLimitDayMicros + 1, kNoon));
  EXPECT_FALSE(IsWithinDay(kNoon - kLimitDayMicros, kNoon));
}

TEST(DailyGainsTest, ValuesThatBecameKnownWithinTheDayAreCountedByChannel) {
  const absl::flat_hash_map<std::string, int64_t> created = {
      {"a", kNoon},
      {"b", kNoon - kLimitDayMicros + 1},
      {"c", kNoon - kLimitDayMicros},
      {"d", kNoon}};
  EXPECT_THAT(
      GainedWithinDay(
          {ValueOf(v1::CHANNEL_EMAIL, "a"), ValueOf(v1::CHANNEL_EMAIL, "b"),
           ValueOf(v1::CHANNEL_EMAIL, "c"), ValueOf(v1::CHANNEL_PHONE, "d"),
           ValueOf(v1::CHANNEL_PHONE, "unknown")},
          created, kNoon),
      ElementsAre(Pair(v1::CHANNEL_PHONE, 1), Pair(v1::CHANNEL_EMAIL, 2)));
}

TEST(DailyGainsTest, TheLimitIsOfOneChannelAndCountsAValueOnce) {
  DailyGains gains({{v1::CHANNEL_EMAIL, 1}}, 2);
  EXPECT_TRUE(gains.Add(ValueOf(v1::CHANNEL_EMAIL, "a")));
  EXPECT_TRUE(gains.Add(ValueOf(v1::CHANNEL_EMAIL, "a")));
  EXPECT_FALSE(gains.Add(ValueOf(v1::CHANNEL_EMAIL, "b")));
  EXPECT_FALSE(gains.Add(ValueOf(v1::CHANNEL_EMAIL, "b")));
  EXPECT_TRUE(gains.Add(ValueOf(v1::CHANNEL_PHONE, "c")));
}

TEST(DailyGainsTest, ATenantMaySetTheLimit) {
  config::v1::Tenant tenant;
  EXPECT_EQ(NewValuesPerDay(tenant), kNewValuesPerDay);
  tenant.mutable_identity_limits()->set_new_values_per_day(3);
  EXPECT_EQ(NewValuesPerDay(tenant), 3);
}

}  // namespace
}  // namespace kith::identity
