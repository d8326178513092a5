#include "identity-svc/quarantine/quarantine_validation.h"

#include <string>

#include "common/testing/matchers.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

template <typename Request>
Request RequestOf(const std::string& reason) {
  Request request;
  request.mutable_value()->set_channel(v1::CHANNEL_PHONE);
  request.mutable_value()->set_value("+14155552671");
  request.set_reason(reason);
  return request;
}

TEST(QuarantineValidationTest, AReasonHasFiveHundredCharacters) {
  using Quarantine = v1::QuarantineIdentityRequest;
  using Release = v1::ReleaseIdentityRequest;
  const std::string most(500, 'x');
  EXPECT_THAT(Validate(RequestOf<Quarantine>(most)), IsOk());
  EXPECT_THAT(Validate(RequestOf<Release>(most)), IsOk());
  EXPECT_THAT(Validate(RequestOf<Release>("")), IsOk());
  EXPECT_THAT(Validate(RequestOf<Quarantine>("")),
              StatusIs(StatusCode::kInvalidArgument, "reason: not set"));
  EXPECT_THAT(Validate(RequestOf<Quarantine>(" \n")),
              StatusIs(StatusCode::kInvalidArgument, "reason: blank"));
  EXPECT_THAT(Validate(RequestOf<Quarantine>(most + "x")),
              StatusIs(StatusCode::kInvalidArgument, "reason"));
  EXPECT_THAT(Validate(RequestOf<Release>(most + "x")),
              StatusIs(StatusCode::kInvalidArgument, "reason"));
}

TEST(QuarantineValidationTest, AValueHasAChannel) {
  auto request = RequestOf<v1::ReleaseIdentityRequest>("");
  request.mutable_value()->clear_channel();
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "value.channel"));
}

}  // namespace
}  // namespace kith::identity
