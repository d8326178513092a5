#include "common/auth/key_limiter.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/ops/metrics.h"
#include "common/status/rpc_status.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace kith::auth {
namespace {

using absl::StatusCode;
using config::v1::CallLimits;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

CallLimits Rate(double per_second, int burst) {
  CallLimits limits;
  limits.set_calls_per_second(per_second);
  limits.set_burst(burst);
  return limits;
}

CallLimits AtOnce(int calls) {
  CallLimits limits;
  limits.set_calls_at_once(calls);
  return limits;
}

base::Principal Key(const std::string& id, const CallLimits& limits = {}) {
  base::Principal principal;
  principal.key_id = id;
  principal.limits = limits;
  return principal;
}

class KeyLimiterTest : public ::testing::Test {
 protected:
  // Calls of one after the other that are let in, until the first that is not.
  int CountAdmitted(const base::Principal& key, int most = 1000) {
    int admitted = 0;
    while (admitted < most && limiter_.Admit(key, now_).ok()) ++admitted;
    return admitted;
  }

  KeyLimiter limiter_{CallLimits()};
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
};

TEST_F(KeyLimiterTest, StreamsAndCallsLeaveEachOtherRoom) {
  CallLimits limits = AtOnce(1);
  limits.set_streams_at_once(1);
  const base::Principal key = Key("watcher", limits);
  {
    auto stream = limiter_.Admit(key, now_, KeyLimiter::Kind::kStream);
    ASSERT_THAT(stream, IsOk());
    auto call = limiter_.Admit(key, now_);
    ASSERT_THAT(call, IsOk());
    const absl::Status refused =
        limiter_.Admit(key, now_, KeyLimiter::Kind::kStream).status();
    EXPECT_THAT(refused, StatusIs(StatusCode::kResourceExhausted));
    EXPECT_EQ(status::FindDetail<google::rpc::QuotaFailure>(refused)
                  ->violations(0)
                  .description(),
              "streams_at_once: 1");
  }
  EXPECT_THAT(limiter_.Admit(key, now_, KeyLimiter::Kind::kStream), IsOk());
}

TEST_F(KeyLimiterTest, WithoutLimitsAllCallsAreLetIn) {
  EXPECT_EQ(CountAdmitted(Key("free")), 1000);
}

TEST_F(KeyLimiterTest, ABurstIsFollowedByTheRate) {
  const base::Principal key = Key("rate", Rate(10, 5));
  EXPECT_EQ(CountAdmitted(key), 5);
  now_ += absl::Milliseconds(99);
  EXPECT_EQ(CountAdmitted(key), 0);
  now_ += absl::Milliseconds(1);
  EXPECT_EQ(CountAdmitted(key), 1);
  now_ += absl::Milliseconds(300);
  EXPECT_EQ(CountAdmitted(key), 3);
  // No more is saved than a burst.
  now_ += absl::Hours(1);
  EXPECT_EQ(CountAdmitted(key), 5);
}

TEST_F(KeyLimiterTest, ARateBelowOneLetsOneIn) {
  const base::Principal key = Key("slow", Rate(0.1, 0));
  EXPECT_EQ(CountAdmitted(key), 1);
  now_ += absl::Seconds(10);
  EXPECT_EQ(CountAdmitted(key), 1);
}

TEST_F(KeyLimiterTest, AClockThatGoesBackGivesNothing) {
  const base::Principal key = Key("back", Rate(1, 1));
  EXPECT_EQ(CountAdmitted(key), 1);
  now_ -= absl::Hours(1);
  EXPECT_EQ(CountAdmitted(key), 0);
  now_ += absl::Hours(1);
  EXPECT_EQ(CountAdmitted(key), 0);
}

TEST_F(KeyLimiterTest, ARefusalByRateSaysWhoseWhichAndWhen) {
  const base::Principal key = Key("told", Rate(2, 1));
  ASSERT_THAT(limiter_.Admit(key, now_), IsOk());
  now_ += absl::Milliseconds(100);
  const absl::Status status = limiter_.Admit(key, now_).status();
  EXPECT_THAT(status, StatusIs(StatusCode::kResourceExhausted,
                               "API key \"told\" may make 2 calls a second"));
  const auto retry = status::FindDetail<google::rpc::RetryInfo>(status);
  ASSERT_TRUE(retry.has_value());
  EXPECT_EQ(retry->retry_delay().seconds(), 0);
  EXPECT_NEAR(retry->retry_delay().nanos(), 400'000'000, 1000);
  const auto quota = status::FindDetail<google::rpc::QuotaFailure>(status);
  ASSERT_TRUE(quota.has_value());
  ASSERT_THAT(quota->violations(), SizeIs(1));
  EXPECT_EQ(quota->violations(0).subject(), "key:told");
  EXPECT_EQ(quota->violations(0).description(), "calls_per_second: 2");
}

TEST_F(KeyLimiterTest, PeopleOfAnIssuerAreCountedApart) {
  base::Principal bea = Key("corp", Rate(1, 2));
  bea.subject = "u-7";
  base::Principal cy = bea;
  cy.subject = "u-8";
  EXPECT_EQ(CountAdmitted(bea), 2);
  EXPECT_EQ(CountAdmitted(cy), 2);
  const absl::Status refused = limiter_.Admit(bea, now_).status();
  // The person is in no log and no metric.
  EXPECT_THAT(refused, StatusIs(StatusCode::kResourceExhausted,
                                "a person of the issuer \"corp\" may make 1"));
  EXPECT_EQ(status::FindDetail<google::rpc::QuotaFailure>(refused)
                ->violations(0)
                .subject(),
            "issuer:corp");
}

TEST_F(KeyLimiterTest, WhoHasUsedSomethingUpIsNotForgotten) {
  base::Principal person = Key("many", Rate(1, 1));
  person.subject = "first";
  EXPECT_EQ(CountAdmitted(person), 1);
  base::Principal busy = Key("many", AtOnce(1));
  busy.subject = "busy";
  const auto call = limiter_.Admit(busy, now_);
  ASSERT_THAT(call, IsOk());
  // More than are kept.
  for (int i = 0; i < 25'000; ++i) {
    person.subject = absl::StrCat(i);
    EXPECT_THAT(limiter_.Admit(person, now_), IsOk());
    now_ += absl::Microseconds(10);
  }
  person.subject = "first";
  EXPECT_EQ(CountAdmitted(person), 0);
  EXPECT_EQ(CountAdmitted(busy), 0);
  now_ += absl::Seconds(1);
  EXPECT_EQ(CountAdmitted(person), 1);
}

TEST_F(KeyLimiterTest, CallsUnderWayAreLimited) {
  const base::Principal key = Key("two", AtOnce(2));
  auto first = limiter_.Admit(key, now_);
  auto second = limiter_.Admit(key, now_);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  const absl::Status refused = limiter_.Admit(key, now_).status();
  EXPECT_THAT(refused, StatusIs(StatusCode::kResourceExhausted,
                                "\"two\" may have 2 calls under way"));
  EXPECT_EQ(status::FindDetail<google::rpc::QuotaFailure>(refused)
                ->violations(0)
                .description(),
            "calls_at_once: 2");
  EXPECT_TRUE(status::FindDetail<google::rpc::RetryInfo>(refused).has_value());
  // Another key is another matter.
  EXPECT_THAT(limiter_.Admit(Key("else", AtOnce(1)), now_), IsOk());
  first->Release();
  first->Release();
  auto third = limiter_.Admit(key, now_);
  EXPECT_THAT(third, IsOk());
  EXPECT_EQ(CountAdmitted(key), 0);
}

TEST_F(KeyLimiterTest, ASlotThatIsMovedIsGivenBackOnce) {
  const base::Principal key = Key("moved", AtOnce(1));
  {
    KeyLimiter::Slot slot = *limiter_.Admit(key, now_);
    KeyLimiter::Slot moved = std::move(slot);
    EXPECT_EQ(CountAdmitted(key), 0);
  }
  auto held = limiter_.Admit(key, now_);
  EXPECT_THAT(held, IsOk());
  EXPECT_EQ(CountAdmitted(key), 0);
}

TEST_F(KeyLimiterTest, WhatIsRefusedUsesNothingUp) {
  CallLimits limits = Rate(1, 2);
  limits.set_calls_at_once(1);
  const base::Principal key = Key("both", limits);
  {
    auto held = limiter_.Admit(key, now_);
    EXPECT_EQ(CountAdmitted(key), 0);
    EXPECT_EQ(CountAdmitted(key), 0);
  }
  EXPECT_EQ(CountAdmitted(key), 1);
  // By its rate now, and it has not taken the place.
  EXPECT_EQ(CountAdmitted(key), 0);
  now_ += absl::Seconds(1);
  EXPECT_EQ(CountAdmitted(key), 1);
}

TEST_F(KeyLimiterTest, OtherLimitsTakeEffectAndWhatWasUsedStays) {
  auto first = limiter_.Admit(Key("live", AtOnce(1)), now_);
  auto second = limiter_.Admit(Key("live", AtOnce(2)), now_);
  EXPECT_THAT(second, IsOk());
  EXPECT_EQ(CountAdmitted(Key("live", AtOnce(2))), 0);
  EXPECT_EQ(CountAdmitted(Key("live", AtOnce(1))), 0);
  EXPECT_EQ(CountAdmitted(Key("rates", Rate(10, 10))), 10);
  // The same again is the same bucket, which is empty.
  EXPECT_EQ(CountAdmitted(Key("rates", Rate(10, 10))), 0);
  now_ += absl::Milliseconds(100);
  EXPECT_EQ(CountAdmitted(Key("rates", Rate(50, 50))), 5);
}

TEST_F(KeyLimiterTest, WhatAKeyDoesNotSayIsTheDefault) {
  CallLimits defaults = Rate(10, 7);
  defaults.set_calls_at_once(1);
  KeyLimiter limiter(defaults);
  const auto count = [&](const base::Principal& key) {
    int admitted = 0;
    while (admitted < 100 && limiter.Admit(key, now_).ok()) ++admitted;
    return admitted;
  };
  EXPECT_EQ(count(Key("silent")), 7);
  EXPECT_EQ(count(Key("none", Rate(0, 0))), 100);
  CallLimits rate;
  rate.set_calls_per_second(3);
  EXPECT_EQ(count(Key("ownrate", rate)), 3);
  auto held = limiter.Admit(Key("rateonly", Rate(50, 50)), now_);
  EXPECT_EQ(count(Key("rateonly", Rate(50, 50))), 0) << "at once: the default";
  auto first = limiter.Admit(Key("many", AtOnce(0)), now_);
  EXPECT_EQ(count(Key("many", AtOnce(0))), 6);
}

TEST_F(KeyLimiterTest, RefusalsAreCountedByKeyAndLimit) {
  CallLimits limits = Rate(1, 1);
  limits.set_calls_at_once(1);
  const auto refused = [](const char* limit) {
    return ops::Counter("kith_key_calls_refused_total",
                        "Calls refused because their API key had reached a "
                        "limit.",
                        {{"key", "counted"}, {"limit", limit}})
        .Value();
  };
  {
    auto held = limiter_.Admit(Key("counted", limits), now_);
    limiter_.Admit(Key("counted", limits), now_).status().IgnoreError();
  }
  EXPECT_EQ(refused("at_once"), 1);
  EXPECT_EQ(refused("rate"), 0);
  limiter_.Admit(Key("counted", limits), now_).status().IgnoreError();
  EXPECT_EQ(refused("at_once"), 1);
  EXPECT_EQ(refused("rate"), 1);
}

TEST_F(KeyLimiterTest, LimitsAndWhatIsUsedOfThemAreExported) {
  const auto value = [](const std::string& name, const char* key,
                        const std::string& limit) -> double {
    for (const auto& family : ops::Metrics().Collect()) {
      if (family.name != name) continue;
      for (const auto& metric : family.metric) {
        const bool of_limit =
            limit.empty() || metric.label.back().value == limit;
        if (metric.label.front().value != key || !of_limit) continue;
        return limit.empty() ? metric.counter.value : metric.gauge.value;
      }
    }
    return -1;
  };
  CallLimits limits = Rate(30, 60);
  limits.set_calls_at_once(5);
  base::Principal person = Key("theissuer", limits);
  person.subject = "somebody";
  {
    auto first = limiter_.Admit(Key("shown", limits), now_);
    auto second = limiter_.Admit(Key("shown", limits), now_);
    auto stream =
        limiter_.Admit(Key("shown", limits), now_, KeyLimiter::Kind::kStream);
    auto other = limiter_.Admit(person, now_);
    EXPECT_EQ(value("kith_key_calls_total", "shown", ""), 3);
    EXPECT_EQ(value("kith_key_calls_under_way", "shown", "at_once"), 2);
    EXPECT_EQ(value("kith_key_calls_under_way", "shown", "streams_at_once"), 1);
    EXPECT_EQ(value("kith_key_calls_under_way", "theissuer", "at_once"), 1);
  }
  EXPECT_EQ(value("kith_key_calls_under_way", "shown", "at_once"), 0);
  EXPECT_EQ(value("kith_key_limit", "shown", "rate"), 30);
  EXPECT_EQ(value("kith_key_limit", "shown", "at_once"), 5);
  EXPECT_EQ(value("kith_key_limit", "shown", "streams_at_once"), 0);
  EXPECT_EQ(value("kith_key_limit", "theissuer", "rate"), -1)
      << "each of its people has them alone";
}

TEST(CheckLimitsTest, FaultsAreNamed) {
  std::vector<std::string> faults;
  CheckLimits(Rate(1'000'000, 0), "key \"a\": ", faults);
  EXPECT_THAT(faults, IsEmpty());
  CallLimits bad = Rate(-1, -1);
  bad.set_calls_at_once(-1);
  CheckLimits(bad, "key \"a\": ", faults);
  CheckLimits(Rate(1'000'001, 0), "", faults);
  EXPECT_THAT(faults, SizeIs(4));
  EXPECT_EQ(faults[0], "key \"a\": calls_per_second: -1, want 0 to 1000000");
}

}  // namespace
}  // namespace kith::auth
