#include "gateway/flows/companions.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

TEST(CompanionsTest, WhoHeldTheValueBeforeIsToldWithIt) {
  identity::v1::IdentityCandidate candidate;
  candidate.set_reason(identity::v1::CANDIDATE_REASON_FORMER_HOLDER);
  identity::v1::Identity& held = *candidate.mutable_identity();
  held.set_contact_id("b");
  held.set_channel(identity::v1::CHANNEL_PHONE);
  held.set_value("(415) 555-2671");
  held.set_normalized_value("+14155552671");
  *candidate.mutable_own_identity() = held;
  const contacts::v1::Companion companion = CompanionOf(candidate);
  EXPECT_EQ(companion.contact_id(), "b");
  EXPECT_EQ(companion.reason(), contacts::v1::COMPANION_REASON_FORMER_HOLDER);
  EXPECT_EQ(companion.value(), "phone +14155552671");
  EXPECT_EQ(companion.own_value(), "");
}

}  // namespace
}  // namespace kith::gateway
