#include "identity-svc/identity_validation.h"

#include <string>

#include "common/base/times.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

constexpr char kId[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";
const absl::Time kNow = absl::FromUnixSeconds(1'000'000'000);

v1::ChannelValue Value(v1::Channel channel, const std::string& name_space,
                       const std::string& value) {
  v1::ChannelValue typed;
  typed.set_channel(channel);
  typed.set_namespace_(name_space);
  typed.set_value(value);
  return typed;
}

v1::ClaimIdentitiesRequest ClaimOf(const v1::ChannelValue& value) {
  v1::ClaimIdentitiesRequest request;
  request.set_proposed_contact_id(kId);
  *request.add_values() = value;
  return request;
}

absl::Status ValidateClaimOf(const v1::ChannelValue& value) {
  return Validate(ClaimOf(value), kNow);
}

TEST(IdentityValidationTest, WritesNeedToKnowTheValue) {
  EXPECT_THAT(ValidateClaimOf(Value(v1::CHANNEL_PHONE, "", "1")), IsOk());
  EXPECT_THAT(ValidateClaimOf(Value(v1::CHANNEL_SOCIAL, "X", "a")), IsOk());
  EXPECT_THAT(ValidateClaimOf(Value(v1::CHANNEL_EXTERNAL, "2go.a_b-c", "a")),
              IsOk());
  EXPECT_THAT(
      ValidateClaimOf(Value(v1::CHANNEL_UNSPECIFIED, "", "a")),
      StatusIs(StatusCode::kInvalidArgument, "values[0].channel: not set"));
  EXPECT_THAT(ValidateClaimOf(Value(static_cast<v1::Channel>(99), "", "a")),
              StatusIs(StatusCode::kInvalidArgument, "99"));
  EXPECT_THAT(ValidateClaimOf(Value(v1::CHANNEL_SOCIAL, "", "a")),
              StatusIs(StatusCode::kInvalidArgument, "values[0].namespace"));
  EXPECT_THAT(ValidateClaimOf(Value(v1::CHANNEL_EXTERNAL, "my shop", "a")),
              StatusIs(StatusCode::kInvalidArgument, "values[0].namespace"));
  EXPECT_THAT(ValidateClaimOf(Value(v1::CHANNEL_EMAIL, "x", "a")),
              StatusIs(StatusCode::kInvalidArgument, "want none"));
  EXPECT_THAT(ValidateClaimOf(Value(v1::CHANNEL_EMAIL, "", "")),
              StatusIs(StatusCode::kInvalidArgument, "values[0].value: empty"));
}

TEST(IdentityValidationTest, LengthCountsCharacters) {
  std::string text;
  for (int i = 0; i < 320; ++i) text += "\U0001F331";
  EXPECT_THAT(ValidateClaimOf(Value(v1::CHANNEL_VISITOR, "", text)), IsOk());
  EXPECT_THAT(ValidateClaimOf(Value(v1::CHANNEL_VISITOR, "", text + "x")),
              StatusIs(StatusCode::kInvalidArgument,
                       "321 characters, want at most 320"));
}

TEST(IdentityValidationTest, ClaimNamesAllFaultsAtOnce) {
  v1::ClaimIdentitiesRequest request;
  request.mutable_event_time()->set_nanos(-1);
  const absl::Status status = Validate(request, kNow);
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument,
                               "values: 0 given, want 1 to 20"));
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument,
                               "proposed_contact_id: empty"));
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, "event_time"));
}

TEST(IdentityValidationTest, ADayAheadIsTheLimit) {
  v1::ClaimIdentitiesRequest request =
      ClaimOf(Value(v1::CHANNEL_PHONE, "", "1"));
  *request.mutable_event_time() = base::ToProto(kNow + absl::Hours(24));
  EXPECT_THAT(Validate(request, kNow), IsOk());
  *request.mutable_event_time() =
      base::ToProto(kNow + absl::Hours(24) + absl::Microseconds(1));
  EXPECT_THAT(Validate(request, kNow),
              StatusIs(StatusCode::kInvalidArgument, "more than a day ahead"));
}

TEST(IdentityValidationTest, ReadsMayLeaveTheChannelOpen) {
  v1::ResolveIdentityRequest request;
  *request.mutable_value() = Value(v1::CHANNEL_UNSPECIFIED, "", "a");
  EXPECT_THAT(Validate(request), IsOk());
  *request.mutable_value() = Value(v1::CHANNEL_SOCIAL, "", "a");
  EXPECT_THAT(Validate(request), IsOk());
  *request.mutable_value() = Value(v1::CHANNEL_UNSPECIFIED, "!", "");
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "value.namespace"));
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "value.value: empty"));
}

TEST(IdentityValidationTest, ListCountsIdsOverAllSets) {
  v1::ListIdentitiesRequest request;
  for (int i = 0; i < 251; ++i) {
    auto* set = request.add_sets();
    for (int n = 0; n < 40; ++n) set->add_contact_ids(kId);
  }
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "10040 given"));
  request.mutable_sets()->RemoveLast();
  EXPECT_THAT(Validate(request), IsOk());
  request.set_page_size(-1);
  request.add_sets();
  EXPECT_THAT(Validate(request),
              StatusIs(StatusCode::kInvalidArgument, "page_size"));
  EXPECT_THAT(Validate(request), StatusIs(StatusCode::kInvalidArgument,
                                          "sets[250].contact_ids: empty"));
}

TEST(IdentityValidationTest, LinkAndUnlinkCheckEveryField) {
  v1::LinkIdentityRequest link;
  link.set_contact_id("x");
  link.set_request_id("a b");
  const absl::Status status = Validate(link);
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, "contact_id"));
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, "request_id"));
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, "value.channel"));
  EXPECT_THAT(Validate(v1::UnlinkIdentityRequest()),
              StatusIs(StatusCode::kInvalidArgument, "contact_id: empty"));
}

}  // namespace
}  // namespace kith::identity
