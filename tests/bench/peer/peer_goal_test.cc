#include "tests/bench/peer/peer_goal.h"

#include "gtest/gtest.h"

namespace kith::bench {
namespace {

TEST(PeerGoalTest, OneCallerIsJudgedByTheMedianAndManyByThroughput) {
  EXPECT_EQ(Judge(GoalBesidePeer(true, 1), {.rate = 0.1, .median = 1.0}),
            "p50 <= 1.00: met");
  EXPECT_EQ(Judge(GoalBesidePeer(true, 64), {.rate = 1.5, .median = 9}),
            "throughput >= 1.50: met");
}

TEST(PeerGoalTest, WhatFallsShortIsMissed) {
  EXPECT_EQ(Judge(GoalBesidePeer(true, 1), {.rate = 9, .median = 1.01}),
            "p50 <= 1.00: MISSED");
  EXPECT_EQ(Judge(GoalBesidePeer(true, 16), {.rate = 1.49, .median = 0.1}),
            "throughput >= 1.50: MISSED");
}

TEST(PeerGoalTest, LessIsWantedOfFourProcesses) {
  EXPECT_EQ(GoalBesidePeer(false, 1).median, 1.5);
  EXPECT_EQ(GoalBesidePeer(false, 16).rate, 0.8);
  EXPECT_EQ(GoalBesidePeer(false, 64).rate, 1.0);
}

TEST(PeerGoalTest, NothingIsWantedOfOtherNumbersOfCallers) {
  EXPECT_EQ(Judge(GoalBesidePeer(true, 4), {.rate = 0.1, .median = 9}), "");
}

}  // namespace
}  // namespace kith::bench
