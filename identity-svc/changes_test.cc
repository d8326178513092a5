#include <string>
#include <vector>

#include "common/testing/outbox_rows.h"
#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

using ::kith::testing::OutboxRows;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ChangesTest : public IdentityServiceTest {
 protected:
  std::vector<std::string> Told(const v1::ChannelValue& value) {
    const auto response = Resolve(value);
    return testing::ToldOf(harness_.database(),
                           response->candidates(0).identity().identity_key());
  }
};

TEST_F(ChangesTest, AClaimTellsOfEachValueThatIsNew) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671"), Email("a@example.com")}),
              IsOk());
  EXPECT_THAT(Told(Phone("+14155552671")), ElementsAre("1 identity_linked"));
  EXPECT_THAT(Told(Email("a@example.com")), ElementsAre("1 identity_linked"));
  const changes::v1::Change change = OutboxRows(harness_.database())[0];
  EXPECT_EQ(change.identity_linked().contact_id(), kAda);
  EXPECT_FALSE(change.identity_linked().has_start_time());
  EXPECT_EQ(change.identity_linked().assurance(),
            config::v1::ASSURANCE_REPORTED);
}

TEST_F(ChangesTest, WhatIsHeldAlreadyIsNoChange) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671")}), IsOk());
  ASSERT_THAT(Claim(kBob, {Phone("+14155552671")}), IsOk());
  ASSERT_THAT(Link(kAda, Phone("+14155552671")), IsOk());
  EXPECT_EQ(Rows("outbox"), 1);
}

TEST_F(ChangesTest, HoldingsOfAValueAreToldInTheirOrder) {
  const v1::ChannelValue value = Phone("+14155552671");
  ASSERT_THAT(Link(kAda, value), IsOk());
  ASSERT_THAT(Unlink(kAda, value, "once"), IsOk());
  ASSERT_THAT(Unlink(kAda, value, "once"), IsOk());
  Pass(absl::Hours(1));
  ASSERT_THAT(Claim(kBob, {value}), IsOk());
  EXPECT_THAT(Told(value),
              ElementsAre("1 identity_linked", "2 identity_unlinked",
                          "3 identity_linked"));
  const auto rows = OutboxRows(harness_.database());
  EXPECT_EQ(rows[1].identity_unlinked().contact_id(), kAda);
  EXPECT_EQ(rows[1].identity_unlinked().channel(), v1::CHANNEL_PHONE);
  EXPECT_TRUE(rows[2].identity_linked().has_start_time());
}

TEST_F(ChangesTest, AHoldingThatBeganEarlierIsToldAgain) {
  const v1::ChannelValue value = Phone("+14155552671");
  const absl::Time start = Now();
  ASSERT_THAT(Link(kAda, value), IsOk());
  ASSERT_THAT(Unlink(kAda, value), IsOk());
  Pass(absl::Hours(2));
  ASSERT_THAT(Claim(kBob, {value}), IsOk());
  ASSERT_THAT(ClaimAt(kCleo, value, start + absl::Hours(1)), IsOk());
  const auto rows = OutboxRows(harness_.database());
  ASSERT_EQ(rows.size(), 4);
  EXPECT_EQ(rows[3].identity_linked().contact_id(), kBob);
  EXPECT_EQ(base::FromProto(rows[3].identity_linked().start_time()),
            start + absl::Hours(1));
}

TEST_F(ChangesTest, WhatFailsIsNotTold) {
  ASSERT_FALSE(Unlink(kAda, Phone("+14155552671")).ok());
  EXPECT_THAT(OutboxRows(harness_.database()), IsEmpty());
}

}  // namespace
}  // namespace kith::identity
