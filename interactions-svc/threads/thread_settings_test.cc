#include "interactions-svc/threads/thread_settings.h"

#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

TEST(ReopenWindowTest, IsTwoWeeksUnlessTheTenantSaysOtherwise) {
  config::v1::Tenant tenant;
  EXPECT_EQ(ReopenWindow(tenant), absl::Hours(14 * 24));
  tenant.mutable_actions()->set_patience_minutes(5);
  EXPECT_EQ(ReopenWindow(tenant), absl::Hours(14 * 24));
  tenant.mutable_actions()->set_reopen_days(30);
  EXPECT_EQ(ReopenWindow(tenant), absl::Hours(30 * 24));
  tenant.mutable_actions()->set_reopen_days(0);
  EXPECT_EQ(ReopenWindow(tenant), absl::ZeroDuration());
}

}  // namespace
}  // namespace kith::interactions
