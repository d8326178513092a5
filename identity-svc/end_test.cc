#include <string>

#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

// Holdings that end at a time that the caller names.
class EndTest : public IdentityServiceTest {
 protected:
  absl::StatusOr<v1::UnlinkIdentityResponse> EndAt(
      const std::string& contact, absl::Time time,
      const std::string& request_id = "", TestKey key = kDemo) {
    v1::UnlinkIdentityRequest request;
    request.set_contact_id(contact);
    *request.mutable_value() = phone_;
    *request.mutable_end_time() = base::ToProto(time);
    request.set_reason("sold the phone");
    request.set_request_id(request_id);
    return harness_.Call(&Stub::UnlinkIdentity, request, key);
  }

  const v1::ChannelValue phone_ = Phone("+14155552671");
};

TEST_F(EndTest, LateTouchesGoToTheFormerHolderAndLaterOnesOpenAnew) {
  const absl::Time sold = Now() - absl::Hours(24 * 30);
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  const auto ended = EndAt(kAda, sold);
  ASSERT_THAT(ended, IsOk());
  EXPECT_EQ(base::FromProto(ended->identity().end_time()), sold);
  EXPECT_EQ(ended->identity().end_reason(), "sold the phone");
  EXPECT_EQ(HolderOf(phone_), "RESOLVE_OUTCOME_NONE");
  const auto late = ClaimAt(kBob, phone_, sold - absl::Microseconds(1));
  ASSERT_THAT(late, IsOk());
  EXPECT_EQ(late->contact_id(), kAda);
  EXPECT_EQ(Rows("holdings"), 1);
  const auto anew = ClaimAt(kBob, phone_, sold);
  ASSERT_THAT(anew, IsOk());
  EXPECT_EQ(anew->contact_id(), kBob);
  EXPECT_EQ(base::FromProto(anew->values(0).identity().start_time()), sold);
  EXPECT_EQ(HolderAt(phone_, sold - absl::Microseconds(1)), kAda);
  EXPECT_EQ(HolderAt(phone_, sold), kBob);
  EXPECT_EQ(HolderOf(phone_), kBob);
  EXPECT_EQ(Rows("contact_identities"), 1);
}

// One that ends where another begins is no visitor who has logged in.
TEST_F(EndTest, WhoHeldItBeforeIsNotToldAsTheFormerHolderOfAClaim) {
  const v1::ChannelValue browser = Value(v1::CHANNEL_VISITOR, "cookie-1");
  ASSERT_THAT(Claim(kAda, {browser}), IsOk());
  v1::UnlinkIdentityRequest request;
  request.set_contact_id(kAda);
  *request.mutable_value() = browser;
  const absl::Time end = Now() - absl::Hours(1);
  *request.mutable_end_time() = base::ToProto(end);
  ASSERT_THAT(harness_.Call(&Stub::UnlinkIdentity, request), IsOk());
  ASSERT_THAT(ClaimAt(kBob, browser, end), IsOk());
  for (const TestKey key : {kDemo, kDemoVerified}) {
    const auto claimed = Claim(kCleo, {Email("bob@example.com"), browser}, key);
    ASSERT_THAT(claimed, IsOk());
    EXPECT_EQ(claimed->contact_id(), kBob);
    EXPECT_EQ(claimed->values(1).former_contact_id(), "");
  }
}

TEST_F(EndTest, AnEndAheadOfTheClockIsNow) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  const auto ended = EndAt(kAda, Now() + absl::Hours(24));
  ASSERT_THAT(ended, IsOk());
  EXPECT_EQ(base::FromProto(ended->identity().end_time()), Now());
}

TEST_F(EndTest, IsIdempotentByRequestId) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  const absl::Time sold = Now() - absl::Hours(1);
  const auto ended = EndAt(kAda, sold, "end-1");
  ASSERT_THAT(ended, IsOk());
  ASSERT_THAT(Claim(kBob, {phone_}), IsOk());
  const auto again = EndAt(kAda, sold, "end-1");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), ended->SerializeAsString());
  EXPECT_EQ(HolderOf(phone_), kBob);
  EXPECT_THAT(EndAt(kAda, sold - absl::Hours(1), "end-1"),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST_F(EndTest, AnswersTheDocumentedErrors) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  EXPECT_THAT(EndAt(kAda, Now() + absl::Hours(25)),
              StatusIs(StatusCode::kInvalidArgument, "end_time"));
  EXPECT_THAT(EndAt(kBob, Now()), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(EndAt(kAda, Now(), "", kOther), StatusIs(StatusCode::kNotFound));
  ASSERT_THAT(EndAt(kAda, Now() - absl::Hours(2)), IsOk());
  const absl::Time begun = Now() - absl::Hours(1);
  ASSERT_THAT(ClaimAt(kBob, phone_, begun), IsOk());
  EXPECT_THAT(EndAt(kBob, begun),
              StatusIs(StatusCode::kFailedPrecondition, "after the start"));
  EXPECT_EQ(HolderOf(phone_), kBob);
}

}  // namespace
}  // namespace kith::identity
