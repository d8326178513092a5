#include "gateway/hooks/door/turnstile.h"

#include <vector>

#include "absl/time/time.h"
#include "common/testing/fake_clock.h"
#include "common/testing/matchers.h"
#include "gateway/calls/task.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;

// Notes who goes in, by number.
class TurnstileTest : public ::testing::Test {
 protected:
  Detached GoIn(int who) {
    auto turn = turnstile_.Enter();
    const auto entered = co_await turn;
    if (entered.ok()) {
      inside_.push_back(who);
    } else {
      refused_ = entered.status();
    }
  }

  testing::FakeClock clock_{absl::FromUnixSeconds(1'790'000'000)};
  Turnstile turnstile_{2, 2, absl::Seconds(10), clock_};
  std::vector<int> inside_;
  absl::Status refused_;
};

TEST_F(TurnstileTest, SomeGoInAndTheOthersWaitInTheirOrder) {
  for (int i = 0; i < 4; ++i) GoIn(i);
  EXPECT_THAT(inside_, ElementsAre(0, 1));
  turnstile_.Leave();
  EXPECT_THAT(inside_, ElementsAre(0, 1, 2));
  turnstile_.Leave();
  EXPECT_THAT(inside_, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(refused_, IsOk());
}

TEST_F(TurnstileTest, BehindTooManyNobodyWaits) {
  for (int i = 0; i < 5; ++i) GoIn(i);
  EXPECT_THAT(refused_,
              StatusIs(absl::StatusCode::kResourceExhausted, "too many"));
  turnstile_.Leave();
  turnstile_.Leave();
  EXPECT_THAT(inside_, ElementsAre(0, 1, 2, 3));
}

// Else the last of many would wait for all that is slow before it.
TEST_F(TurnstileTest, NobodyWaitsForEver) {
  for (int i = 0; i < 3; ++i) GoIn(i);
  clock_.Advance(absl::Seconds(1));
  GoIn(3);
  clock_.Advance(absl::Seconds(10));
  EXPECT_THAT(refused_, IsOk());
  turnstile_.Leave();
  EXPECT_THAT(refused_, StatusIs(absl::StatusCode::kResourceExhausted,
                                 "waited too long"));
  EXPECT_THAT(inside_, ElementsAre(0, 1, 3));
}

TEST_F(TurnstileTest, WhoHasWaitedTooLongTakesNoPlace) {
  for (int i = 0; i < 4; ++i) GoIn(i);
  clock_.Advance(absl::Seconds(11));
  turnstile_.Leave();
  EXPECT_THAT(inside_, ElementsAre(0, 1));
  GoIn(4);
  EXPECT_THAT(inside_, ElementsAre(0, 1, 4));
}

TEST_F(TurnstileTest, WhoLeavesMakesRoom) {
  GoIn(0);
  GoIn(1);
  turnstile_.Leave();
  turnstile_.Leave();
  inside_.clear();
  for (int i = 2; i < 5; ++i) GoIn(i);
  EXPECT_THAT(inside_, ElementsAre(2, 3));
  turnstile_.Leave();
  EXPECT_THAT(inside_, ElementsAre(2, 3, 4));
}

}  // namespace
}  // namespace kith::gateway
