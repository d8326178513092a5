#include "identity-svc/identity_service_fixture.h"

// Who else may be the same customer, as Claim, Resolve and Link answer it.

namespace kith::identity {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

using IdentityCandidatesTest = IdentityServiceTest;

TEST_F(IdentityCandidatesTest, WhoHoldsAVariantOfAPhoneIsSaidAndNotJoined) {
  ASSERT_THAT(Claim(kAda, {Phone("+54 9 11 2345-6789")}), IsOk());
  for (int i = 0; i < 2; ++i) {
    const auto claimed =
        Claim(kBob, {Phone("+54 11 2345-6789"), Email("bob@example.com")});
    ASSERT_THAT(claimed, IsOk());
    EXPECT_EQ(claimed->contact_id(), kBob);
    ASSERT_THAT(claimed->candidates(), SizeIs(1));
    const v1::IdentityCandidate& candidate = claimed->candidates(0);
    EXPECT_EQ(candidate.identity().contact_id(), kAda);
    EXPECT_EQ(candidate.identity().normalized_value(), "+5491123456789");
    EXPECT_EQ(candidate.own_identity().contact_id(), kBob);
    EXPECT_EQ(candidate.own_identity().value(), "+54 11 2345-6789");
    EXPECT_EQ(candidate.reason(), v1::CANDIDATE_REASON_PHONE_VARIANT);
  }
  // From the other side as well; with an extension it is another line.
  EXPECT_THAT(Claim(kAda, {Phone("+5491123456789")})->candidates(), SizeIs(1));
  EXPECT_THAT(Claim(kCleo, {Phone("+541123456789 x12")})->candidates(),
              IsEmpty());
}

TEST_F(IdentityCandidatesTest, AVariantThatIsNobodysOrOnesOwnIsNoReason) {
  ASSERT_THAT(Claim(kAda, {Phone("+5491123456789")}), IsOk());
  ASSERT_THAT(Claim(kAda, {Phone("+5491123456789"), Phone("+541123456789")}),
              IsOk());
  EXPECT_THAT(Claim(kAda, {Phone("+541123456789")})->candidates(), IsEmpty());
  // A value that another holds says nothing of the touch's contact.
  EXPECT_THAT(Claim(kCleo, {External("shop", "C-1"), Phone("+541123456789")})
                  ->candidates(),
              IsEmpty());
  ASSERT_THAT(Unlink(kAda, Phone("+5491123456789")), IsOk());
  ASSERT_THAT(Unlink(kAda, Phone("+541123456789")), IsOk());
  EXPECT_THAT(Claim(kBob, {Phone("+541123456789")})->candidates(), IsEmpty());
}

TEST_F(IdentityCandidatesTest, ThoseOfAnotherTenantAreNotSaid) {
  ASSERT_THAT(Claim(kAda, {Phone("+5491123456789")}, kOther), IsOk());
  EXPECT_THAT(Claim(kBob, {Phone("+541123456789")})->candidates(), IsEmpty());
}

TEST_F(IdentityCandidatesTest, ALinkSaysThemAndARepeatAgain) {
  ASSERT_THAT(Link(kAda, Phone("+5491123456789")), IsOk());
  for (int i = 0; i < 2; ++i) {
    const auto linked = Link(kBob, Phone("+541123456789"), "link-1");
    ASSERT_THAT(linked, IsOk());
    EXPECT_EQ(linked->identity().contact_id(), kBob);
    ASSERT_THAT(linked->candidates(), SizeIs(1));
    EXPECT_EQ(linked->candidates(0).identity().contact_id(), kAda);
  }
}

TEST_F(IdentityCandidatesTest, AResolveSaysThemToWhoAsks) {
  ASSERT_THAT(Claim(kAda, {Phone("+5491123456789")}), IsOk());
  ASSERT_THAT(Claim(kBob, {Phone("+541123456789")}), IsOk());
  v1::ResolveIdentityRequest request = ResolveOf(Phone("+541123456789"));
  const auto plain = harness_.Call(&Stub::ResolveIdentity, request);
  ASSERT_THAT(plain, IsOk());
  EXPECT_THAT(plain->identity_candidates(), IsEmpty());
  request.set_include_identity_candidates(true);
  const auto resolved = harness_.Call(&Stub::ResolveIdentity, request);
  ASSERT_THAT(resolved, IsOk());
  EXPECT_EQ(resolved->outcome(), v1::RESOLVE_OUTCOME_ONE);
  ASSERT_THAT(resolved->identity_candidates(), SizeIs(1));
  const v1::IdentityCandidate& candidate = resolved->identity_candidates(0);
  EXPECT_EQ(candidate.identity().contact_id(), kAda);
  EXPECT_EQ(candidate.own_identity().contact_id(), kBob);
  EXPECT_EQ(candidate.reason(), v1::CANDIDATE_REASON_PHONE_VARIANT);
}

TEST_F(IdentityCandidatesTest, AHandleOfNoNetworkIsFoundAsEachOneReadsIt) {
  ASSERT_THAT(Claim(kAda, {Handle("x", "Alice")}), IsOk());
  ASSERT_THAT(Claim(kBob, {Handle("wechat", "oAbC")}), IsOk());
  ASSERT_THAT(Claim(kCleo, {Handle("wechat", "oabc")}), IsOk());
  const auto of_any = [](const char* value) {
    return Value(v1::CHANNEL_SOCIAL, value);
  };
  for (const char* value : {"Alice", "alice", "@ALICE"}) {
    EXPECT_EQ(HolderOf(of_any(value)), kAda) << value;
  }
  EXPECT_EQ(HolderOf(of_any("oAbC")), kBob);
  EXPECT_EQ(HolderOf(of_any("oabc")), kCleo);
  EXPECT_EQ(HolderOf(of_any("OABC")), "RESOLVE_OUTCOME_NONE");
}

TEST_F(IdentityCandidatesTest, WhoHadProvenTheValueBeforeIsSaid) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Claim(kAda, {email}, kDemoVerified), IsOk());
  Pass(absl::Hours(1));
  ASSERT_THAT(Unlink(kAda, email), IsOk());
  Pass(absl::Hours(1));
  for (int i = 0; i < 2; ++i) {
    const auto claimed = Claim(kBob, {email});
    ASSERT_THAT(claimed, IsOk());
    EXPECT_EQ(claimed->contact_id(), kBob);
    ASSERT_THAT(claimed->candidates(), SizeIs(1));
    const v1::IdentityCandidate& candidate = claimed->candidates(0);
    EXPECT_EQ(candidate.reason(), v1::CANDIDATE_REASON_FORMER_HOLDER);
    EXPECT_EQ(candidate.identity().contact_id(), kAda);
    EXPECT_EQ(candidate.own_identity().contact_id(), kBob);
  }
  v1::ResolveIdentityRequest request = ResolveOf(email);
  request.set_include_identity_candidates(true);
  EXPECT_THAT(
      harness_.Call(&Stub::ResolveIdentity, request)->identity_candidates(),
      SizeIs(1));
  // A late event of Ada's is hers, and nobody was before her.
  EXPECT_THAT(ClaimAt(kCleo, email, Now() - absl::Hours(3))->candidates(),
              IsEmpty());
}

TEST_F(IdentityCandidatesTest, WhoHadOnlyBeenSaidToHoldTheValueIsNot) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Claim(kAda, {email}), IsOk());
  Pass(absl::Hours(1));
  ASSERT_THAT(Unlink(kAda, email), IsOk());
  EXPECT_THAT(Claim(kBob, {email})->candidates(), IsEmpty());
}

TEST_F(IdentityCandidatesTest, WhoAMoveHasSaidToBeAnotherIsNot) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Claim(kAda, {email}, kDemoVerified), IsOk());
  Pass(absl::Hours(1));
  v1::MoveIdentityRequest move;
  move.set_from_contact_id(kAda);
  move.set_to_contact_id(kBob);
  *move.mutable_value() = email;
  ASSERT_THAT(harness_.Call(&Stub::MoveIdentity, move), IsOk());
  const auto claimed = Claim(kCleo, {email});
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kBob);
  EXPECT_THAT(claimed->candidates(), IsEmpty());
}

}  // namespace
}  // namespace kith::identity
