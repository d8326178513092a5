#include "gateway/actions/lease_dispute.h"

#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

struct DisputeCase {
  const char* what = "";
  LeaseDispute dispute;
  DisputeEnd end = DisputeEnd::kTryAgain;
};

TEST(LeaseDisputeTest, OneOfTwoAgentsIsLeftTheCustomer) {
  const DisputeCase cases[] = {
      {"new, greater", {false, "b", "a", 0}, DisputeEnd::kGiveBack},
      {"new, least", {false, "a", "b", 0}, DisputeEnd::kTryAgain},
      {"new, least, 2 tries", {false, "a", "b", 2}, DisputeEnd::kTryAgain},
      {"new, least, in vain", {false, "a", "b", 3}, DisputeEnd::kGiveBack},
      {"new, the other not seen", {false, "b", "", 0}, DisputeEnd::kTryAgain},
      {"new, not seen, in vain", {false, "b", "", 3}, DisputeEnd::kGiveBack},
      {"held, greater", {true, "b", "a", 0}, DisputeEnd::kTryAgain},
      {"held, greater, 3 tries", {true, "b", "a", 3}, DisputeEnd::kTryAgain},
      {"held, greater, in vain", {true, "b", "a", 4}, DisputeEnd::kGiveBack},
      {"held, least, 3 tries", {true, "a", "b", 3}, DisputeEnd::kTryAgain},
      {"held, least, in vain", {true, "a", "b", 4}, DisputeEnd::kKeep},
      {"held, not seen, in vain", {true, "b", "", 4}, DisputeEnd::kKeep},
  };
  for (const DisputeCase& one : cases) {
    EXPECT_EQ(Decide(one.dispute), one.end) << one.what;
  }
}

// Whoever was there before still tries when who has just come has given back.
TEST(LeaseDisputeTest, WhoWasThereBeforeOutlastsWhoHasJustCome) {
  const auto patience = [](bool held_before) {
    absl::Duration waited;
    LeaseDispute dispute{held_before, "a", "b", 0};
    for (; Decide(dispute) == DisputeEnd::kTryAgain; ++dispute.tries) {
      waited += PauseBeforeTry(dispute.tries);
    }
    return waited;
  };
  EXPECT_EQ(patience(/*held_before=*/false), absl::Milliseconds(140));
  EXPECT_EQ(patience(/*held_before=*/true), absl::Milliseconds(300));
}

}  // namespace
}  // namespace kith::gateway
