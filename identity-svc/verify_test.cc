#include <string>
#include <thread>
#include <vector>

#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class VerifyTest : public IdentityServiceTest {
 protected:
  v1::VerifyHoldingRequest VerifyOf(const std::string& contact,
                                    const std::string& request_id = "") {
    v1::VerifyHoldingRequest request;
    request.set_contact_id(contact);
    *request.mutable_value() = phone_;
    request.set_method("sms_code");
    request.set_request_id(request_id);
    return request;
  }

  absl::StatusOr<v1::VerifyHoldingResponse> Verify(
      const v1::VerifyHoldingRequest& request, TestKey key = kDemoVerified) {
    return harness_.Call(&Stub::VerifyHolding, request, key);
  }

  const v1::ChannelValue phone_ = Phone("+14155552671");
};

TEST_F(VerifyTest, AHoldingIsVerifiedAndShowsHow) {
  ASSERT_THAT(Claim(kAda, {phone_}, kDemoPublic), IsOk());
  v1::VerifyHoldingRequest request = VerifyOf(kAda);
  const absl::Time proven = Now() - absl::Minutes(5);
  *request.mutable_verify_time() = base::ToProto(proven);
  const auto verified = Verify(request);
  ASSERT_THAT(verified, IsOk());
  EXPECT_THAT(verified->candidates(), IsEmpty());
  const auto resolved = Resolve(phone_);
  ASSERT_THAT(resolved, IsOk());
  const v1::Identity& held = resolved->candidates(0).identity();
  EXPECT_EQ(held.SerializeAsString(), verified->identity().SerializeAsString());
  EXPECT_EQ(held.contact_id(), kAda);
  EXPECT_FALSE(held.has_start_time());
  EXPECT_EQ(held.assurance(), config::v1::ASSURANCE_VERIFIED);
  EXPECT_EQ(held.claimed_by(), "demoverified");
  EXPECT_EQ(held.verification().method(), "sms_code");
  EXPECT_EQ(base::FromProto(held.verification().verify_time()), proven);
  EXPECT_EQ(held.verification().verified_by(), "demoverified");
  EXPECT_EQ(Rows("holdings"), 1);
}

TEST_F(VerifyTest, AValueOfNobodyBecomesTheContacts) {
  const auto verified = Verify(VerifyOf(kAda));
  ASSERT_THAT(verified, IsOk());
  EXPECT_EQ(verified->identity().assurance(), config::v1::ASSURANCE_VERIFIED);
  EXPECT_EQ(HolderOf(phone_), kAda);
  EXPECT_EQ(Rows("contact_identities"), 1);
}

TEST_F(VerifyTest, WhoHasProvenNothingLosesTheValueAndIsACandidate) {
  const absl::Time before = Now() - absl::Hours(1);
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  Pass(absl::Hours(1));
  for (int i = 0; i < 2; ++i) {
    const auto verified = Verify(VerifyOf(kBob, "verify-1"));
    ASSERT_THAT(verified, IsOk());
    EXPECT_EQ(verified->identity().contact_id(), kBob);
    ASSERT_THAT(verified->candidates(), SizeIs(1));
    const v1::IdentityCandidate& candidate = verified->candidates(0);
    EXPECT_EQ(candidate.reason(), v1::CANDIDATE_REASON_FORMER_HOLDER);
    EXPECT_EQ(candidate.identity().contact_id(), kAda);
    EXPECT_TRUE(candidate.identity().has_end_time());
    EXPECT_EQ(candidate.own_identity().contact_id(), kBob);
  }
  EXPECT_EQ(HolderOf(phone_), kBob);
  EXPECT_EQ(HolderAt(phone_, before), kAda);
  // So are later touches told, in case the first was cut off.
  const auto claimed = Claim(kCleo, {phone_});
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kBob);
  EXPECT_THAT(claimed->candidates(), SizeIs(1));
}

// Whoever fills in a form with another's address holds nothing of it.
TEST_F(VerifyTest, ASquatterNeverHeldTheValue) {
  ASSERT_THAT(Claim(kAda, {phone_}, kDemoPublic), IsOk());
  Pass(absl::Hours(1));
  const auto verified = Verify(VerifyOf(kBob));
  ASSERT_THAT(verified, IsOk());
  ASSERT_THAT(verified->candidates(), SizeIs(1));
  EXPECT_EQ(verified->candidates(0).identity().contact_id(), kAda);
  for (const absl::Duration ago : {absl::ZeroDuration(), absl::Hours(99)}) {
    EXPECT_EQ(HolderAt(phone_, Now() - ago), kBob);
    EXPECT_EQ(ClaimAt(kCleo, phone_, Now() - ago)->contact_id(), kBob);
  }
}

TEST_F(VerifyTest, IsIdempotentByRequestId) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  v1::VerifyHoldingRequest request = VerifyOf(kAda, "verify-1");
  const auto verified = Verify(request);
  ASSERT_THAT(verified, IsOk());
  Pass(absl::Hours(1));
  request.add_member_ids(kCleo);
  const auto again = Verify(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), verified->SerializeAsString());
  request.set_method("login");
  EXPECT_THAT(Verify(request),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
  // Another proof is shown instead.
  request.set_request_id("verify-2");
  EXPECT_EQ(Verify(request)->identity().verification().method(), "login");
  EXPECT_EQ(Rows("holdings"), 1);
}

TEST_F(VerifyTest, AnswersTheDocumentedErrors) {
  ASSERT_THAT(Verify(VerifyOf(kAda)), IsOk());
  EXPECT_THAT(Verify(VerifyOf(kBob)),
              StatusIs(StatusCode::kAlreadyExists, kAda));
  v1::VerifyHoldingRequest request = VerifyOf(kBob);
  request.add_member_ids(kAda);
  EXPECT_THAT(Verify(request), IsOk());
  EXPECT_THAT(Verify(VerifyOf("x")),
              StatusIs(StatusCode::kInvalidArgument, "contact_id"));
  *request.mutable_value() = Phone("0000000");
  EXPECT_THAT(Verify(request),
              StatusIs(StatusCode::kInvalidArgument, "value: a placeholder"));
  for (const TestKey key : {kDemo, kDemoPublic}) {
    EXPECT_THAT(
        Verify(VerifyOf(kAda), key),
        StatusIs(StatusCode::kPermissionDenied, "wants at least VERIFIED"));
  }
  EXPECT_EQ(HolderOf(phone_), kAda);
}

TEST_F(VerifyTest, OfManyAtOnceOneHasProvenIt) {
  ASSERT_THAT(Claim(kCleo, {phone_}), IsOk());
  Pass(absl::Hours(1));
  std::vector<absl::StatusOr<v1::VerifyHoldingResponse>> answers(
      16, absl::UnknownError("not called"));
  std::vector<std::thread> threads;
  for (size_t i = 0; i < answers.size(); ++i) {
    threads.emplace_back(
        [&, i] { answers[i] = Verify(VerifyOf(i % 2 == 0 ? kAda : kBob)); });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string winner = HolderOf(phone_);
  EXPECT_NE(winner, kCleo);
  for (size_t i = 0; i < answers.size(); ++i) {
    if ((i % 2 == 0 ? kAda : kBob) == winner) {
      EXPECT_THAT(answers[i], IsOk());
    } else {
      EXPECT_THAT(answers[i], StatusIs(StatusCode::kAlreadyExists, winner));
    }
  }
  EXPECT_EQ(Rows("holdings"), 2);
  EXPECT_EQ(Rows("contact_identities"), 1);
}

}  // namespace
}  // namespace kith::identity
