#include "gateway/hooks/door/turnstile.h"

#include <vector>

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

  Turnstile turnstile_{2, 2};
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
