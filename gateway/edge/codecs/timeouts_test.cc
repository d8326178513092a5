#include "gateway/edge/codecs/timeouts.h"

#include "gtest/gtest.h"

namespace kith::edge {
namespace {

TEST(TimeoutsTest, ConnectTimeoutIsUpToTenDigitsOfMilliseconds) {
  EXPECT_EQ(*ParseConnectTimeout("100"), absl::Milliseconds(100));
  EXPECT_EQ(*ParseConnectTimeout("0"), absl::ZeroDuration());
  EXPECT_EQ(*ParseConnectTimeout("9999999999"),
            absl::Milliseconds(9'999'999'999));
  for (const char* bad :
       {"", "abc", "-1", "+1", " 1", "1 ", "1.5", "12345678901"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseConnectTimeout(bad).status()))
        << bad;
  }
}

TEST(TimeoutsTest, GrpcTimeoutHasAUnit) {
  EXPECT_EQ(*ParseGrpcTimeout("2H"), absl::Hours(2));
  EXPECT_EQ(*ParseGrpcTimeout("3M"), absl::Minutes(3));
  EXPECT_EQ(*ParseGrpcTimeout("4S"), absl::Seconds(4));
  EXPECT_EQ(*ParseGrpcTimeout("5m"), absl::Milliseconds(5));
  EXPECT_EQ(*ParseGrpcTimeout("6u"), absl::Microseconds(6));
  EXPECT_EQ(*ParseGrpcTimeout("99999999n"), absl::Nanoseconds(99'999'999));
  for (const char* bad : {"", "5", "m", "123456789m", "5s", "-5m", "5 m"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseGrpcTimeout(bad).status())) << bad;
  }
}

}  // namespace
}  // namespace kith::edge
