#include "identity-svc/quarantine/fan_in.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/base/uuid.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "identity-svc/quarantine/daily_gains.h"

namespace kith::identity {
namespace {

using base::Uuid;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kToday = 1'000'000'000'000'000;

std::string ContactId(char c) {
  return Uuid::FromBytes(std::string(16, c)).ToString();
}

// A value of a touch with its holder; nobody holds it if that is ' '.
v1::ClaimedValue Claimed(
    v1::Channel channel, char key, char holder,
    config::v1::Assurance assurance = config::v1::ASSURANCE_REPORTED) {
  v1::ClaimedValue value;
  v1::Identity& identity = *value.mutable_identity();
  identity.set_channel(channel);
  identity.set_normalized_value(channel == v1::CHANNEL_PHONE ? "+1" : "x");
  identity.set_identity_key(absl::BytesToHexString(std::string(16, key)));
  identity.set_assurance(assurance);
  if (holder != ' ') identity.set_contact_id(ContactId(holder));
  return value;
}

std::map<std::string, Companions> Of(
    const std::vector<v1::ClaimedValue>& values, bool by_form = false) {
  v1::ClaimIdentitiesResponse claimed;
  for (const v1::ClaimedValue& value : values) *claimed.add_values() = value;
  std::map<std::string, Companions> companions;
  for (const auto& [key, others] : CompanionsOf(claimed, by_form)) {
    companions[absl::HexStringToBytes(key).substr(0, 1)] = others;
  }
  return companions;
}

TEST(FanInTest, ACompanionIsAContactThatHoldsAnotherValueOfTheTouch) {
  auto found = Of({Claimed(v1::CHANNEL_PHONE, 'p', 'A'),
                   Claimed(v1::CHANNEL_EMAIL, 'e', 'B'),
                   Claimed(v1::CHANNEL_SOCIAL, 's', 'B')});
  EXPECT_THAT(found["p"], ElementsAre(std::string(16, 'B')));
  EXPECT_THAT(found["e"], ElementsAre(std::string(16, 'A')));
  EXPECT_THAT(found["s"], ElementsAre(std::string(16, 'A')));
}

TEST(FanInTest, WhatOneContactHoldsHasNoCompanions) {
  EXPECT_THAT(Of({Claimed(v1::CHANNEL_PHONE, 'p', 'A'),
                  Claimed(v1::CHANNEL_EMAIL, 'e', 'A')}),
              IsEmpty());
  EXPECT_THAT(Of({Claimed(v1::CHANNEL_PHONE, 'p', 'A')}), IsEmpty());
}

TEST(FanInTest, AValueThatNobodyHoldsIsACompanionItself) {
  auto found = Of({Claimed(v1::CHANNEL_PHONE, 'p', 'A'),
                   Claimed(v1::CHANNEL_EMAIL, 'e', ' '),
                   // Another spelling of it has the same key.
                   Claimed(v1::CHANNEL_EMAIL, 'e', ' ')});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found["p"], ElementsAre(std::string(16, 'e')));
}

TEST(FanInTest, BrowsersAndPhonesAsTextAreNoCompanionsButHaveSome) {
  v1::ClaimedValue text = Claimed(v1::CHANNEL_PHONE, 't', 'C');
  text.mutable_identity()->set_normalized_value("4711");
  auto found = Of({Claimed(v1::CHANNEL_VISITOR, 'v', 'A'), text,
                   Claimed(v1::CHANNEL_EMAIL, 'e', 'B')});
  EXPECT_THAT(found["v"], ElementsAre(std::string(16, 'B')));
  EXPECT_THAT(found["t"], ElementsAre(std::string(16, 'B')));
  EXPECT_FALSE(found.contains("e"));
}

TEST(FanInTest, WhatIsRefusedOrQuarantinedCountsForNothing) {
  v1::ClaimedValue refused;
  refused.set_outcome(v1::CLAIM_OUTCOME_REFUSED);
  v1::ClaimedValue quarantined = Claimed(v1::CHANNEL_EMAIL, 'q', 'B');
  quarantined.mutable_identity()->mutable_quarantine()->set_companion_count(11);
  EXPECT_THAT(Of({Claimed(v1::CHANNEL_PHONE, 'p', 'A'), refused, quarantined}),
              IsEmpty());
}

// Also where a touch leaves it as it is, such as the second value of a form.
TEST(FanInTest, WhatPeopleShareCountsForNothing) {
  v1::ClaimedValue shared = Claimed(v1::CHANNEL_PHONE, 's', 'H');
  shared.mutable_identity()->set_stand_in_contact_id(ContactId('H'));
  for (const auto outcome :
       {v1::CLAIM_OUTCOME_SHARED, v1::CLAIM_OUTCOME_NOT_CLAIMED}) {
    shared.set_outcome(outcome);
    EXPECT_THAT(Of({Claimed(v1::CHANNEL_EMAIL, 'e', 'A'), shared}), IsEmpty());
  }
}

// Nobody can have the value of a known customer quarantined by a form.
TEST(FanInTest, AFormCountsForValuesThatFormsAloneHavePutIn) {
  constexpr auto kByForm = config::v1::ASSURANCE_UNAUTHENTICATED;
  EXPECT_THAT(Of({Claimed(v1::CHANNEL_PHONE, 'p', 'A'),
                  Claimed(v1::CHANNEL_EMAIL, 'e', ' ')},
                 /*by_form=*/true),
              IsEmpty());
  EXPECT_THAT(Of({Claimed(v1::CHANNEL_PHONE, 'p', 'A', kByForm),
                  Claimed(v1::CHANNEL_EMAIL, 'e', ' ')},
                 /*by_form=*/true),
              SizeIs(1));
}

struct CountCase {
  SeenCompanions seen = {};
  Companions named = {};
  int per_day = 2;
  Companions added = {};
  int count = 0;
  bool too_many = false;
  bool any_old = false;
};

std::vector<CountCase> CountCases() {
  constexpr int64_t kYesterday = kToday - kLimitDayMicros;
  return {
      {.named = {"a"}, .added = {"a"}, .count = 1},
      {.seen = {{"a", kToday}}, .named = {"a"}, .count = 1},
      {.seen = {{"a", kToday}}, .named = {"b"}, .added = {"b"}, .count = 2},
      {.seen = {{"a", kToday}, {"b", kToday}},
       .named = {"c"},
       .added = {"c"},
       .count = 3,
       .too_many = true},
      // The tenant has allowed more of them before.
      {.seen = {{"a", kToday}, {"b", kToday}, {"c", kToday}},
       .named = {"a"},
       .count = 3,
       .too_many = true},
      // No more rows than one beyond the limit.
      {.named = {"a", "b", "c", "d", "e"},
       .added = {"a", "b", "c"},
       .count = 3,
       .too_many = true},
      // The first microsecond of the day counts, the one before does not.
      {.seen = {{"a", kYesterday + 1}, {"b", kYesterday}},
       .named = {"c"},
       .added = {"c"},
       .count = 2,
       .any_old = true},
      {.seen = {{"a", kYesterday}},
       .named = {"a"},
       .added = {"a"},
       .count = 1,
       .any_old = true},
  };
}

TEST(FanInTest, CompanionsOfTheDayAreCountedOnce) {
  const std::vector<CountCase> cases = CountCases();
  for (size_t i = 0; i < cases.size(); ++i) {
    const CountCase& each = cases[i];
    const FanIn fan_in =
        CountCompanions(each.seen, each.named, kToday, each.per_day);
    EXPECT_EQ(fan_in.added, each.added) << i;
    EXPECT_EQ(fan_in.count, each.count) << i;
    EXPECT_EQ(fan_in.too_many, each.too_many) << i;
    EXPECT_EQ(fan_in.any_old, each.any_old) << i;
    EXPECT_EQ(fan_in.is_news(), each.too_many || !each.added.empty()) << i;
  }
}

TEST(FanInTest, ATenantMaySetTheNumberAndZero) {
  config::v1::Tenant tenant;
  EXPECT_EQ(CompanionsPerDay(tenant), kCompanionsPerDay);
  tenant.mutable_identity_limits()->set_companions_per_day(0);
  EXPECT_EQ(CompanionsPerDay(tenant), 0);
}

}  // namespace
}  // namespace kith::identity
