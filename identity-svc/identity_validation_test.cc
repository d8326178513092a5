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

TEST(IdentityValidationTest, AMoveChecksEveryField) {
  v1::MoveIdentityRequest move;
  move.set_from_contact_id("x");
  move.add_from_member_ids("x");
  move.add_to_member_ids("x");
  *move.mutable_from_time() = base::ToProto(kNow + absl::Hours(25));
  move.set_never_theirs(true);
  move.set_reason(std::string(501, 'r'));
  move.set_request_id("a b");
  for (const char* fault :
       {"from_contact_id: want a UUID", "to_contact_id: empty",
        "value.channel: not set", "value.value: empty",
        "from_time: more than a day ahead of the clock",
        "from_time: want none if it was never theirs", "reason: 501",
        "request_id: ", "from_member_ids: want", "to_member_ids: want"}) {
    EXPECT_THAT(Validate(move, kNow),
                StatusIs(StatusCode::kInvalidArgument, fault));
  }
  // A forwarded repeat names nobody.
  v1::MoveIdentityRequest repeat;
  *repeat.mutable_value() = Value(v1::CHANNEL_PHONE, "", "+14155552671");
  repeat.mutable_forwarded()->set_fingerprint(std::string(32, 'f'));
  EXPECT_THAT(Validate(repeat, kNow), IsOk());
}

TEST(IdentityValidationTest, AProofChecksEveryField) {
  v1::VerifyHoldingRequest verify;
  verify.set_contact_id("x");
  *verify.mutable_verify_time() = base::ToProto(kNow + absl::Hours(25));
  verify.set_request_id("a b");
  verify.add_member_ids("x");
  for (const char* method : {"", "SMS", "-sms", "sms code"}) {
    verify.set_method(method);
    for (const char* fault :
         {"contact_id: want a UUID", "value.channel: not set",
          "method: want 1 to 64 of", "request_id: ", "member_ids: want",
          "verify_time: more than a day ahead of the clock"}) {
      EXPECT_THAT(Validate(verify, kNow),
                  StatusIs(StatusCode::kInvalidArgument, fault));
    }
  }
  v1::VerifyHoldingRequest valid;
  valid.set_contact_id(kId);
  *valid.mutable_value() = Value(v1::CHANNEL_PHONE, "", "+14155552671");
  valid.set_method("2fa.sms_code");
  EXPECT_THAT(Validate(valid, kNow), IsOk());
}

TEST(IdentityValidationTest, LinkAndUnlinkCheckEveryField) {
  v1::LinkIdentityRequest link;
  link.set_contact_id("x");
  link.set_request_id("a b");
  const absl::Status status = Validate(link, kNow);
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, "contact_id"));
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, "request_id"));
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, "value.channel"));
  v1::UnlinkIdentityRequest unlink;
  unlink.mutable_end_time()->set_nanos(-1);
  unlink.set_reason(std::string(501, 'r'));
  for (const char* fault :
       {"contact_id: empty", "end_time: want a time between", "reason: 501"}) {
    EXPECT_THAT(Validate(unlink, kNow),
                StatusIs(StatusCode::kInvalidArgument, fault));
  }
  *unlink.mutable_end_time() =
      base::ToProto(kNow + absl::Hours(24) + absl::Microseconds(1));
  EXPECT_THAT(Validate(unlink, kNow),
              StatusIs(StatusCode::kInvalidArgument,
                       "end_time: more than a day ahead of the clock"));
}

}  // namespace
}  // namespace kith::identity
