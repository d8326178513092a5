#include <string>

#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class ResolveTest : public IdentityServiceTest {
 protected:
  static std::string ReasonFor(
      const absl::StatusOr<v1::ResolveIdentityResponse>& response) {
    return response.ok() && response->candidates_size() == 1
               ? response->candidates(0).reason()
               : "not one candidate";
  }
};

TEST_F(ResolveTest, NoneOneAndMany) {
  ASSERT_THAT(Claim(kAda, {External("shop", "C-1001")}), IsOk());
  EXPECT_EQ(Resolve(External("shop", "C-9"))->outcome(),
            v1::RESOLVE_OUTCOME_NONE);
  const auto one = Resolve(External("SHOP", "C-1001"));
  ASSERT_THAT(one, IsOk());
  EXPECT_EQ(one->outcome(), v1::RESOLVE_OUTCOME_ONE);
  ASSERT_THAT(one->candidates(), SizeIs(1));
  EXPECT_EQ(one->candidates(0).identity().contact_id(), kAda);
  EXPECT_EQ(one->candidates(0).identity().value(), "C-1001");
  EXPECT_EQ(one->candidates(0).identity().claimed_by(), "demo");
  EXPECT_EQ(one->candidates(0).reason(), "shop id C-1001");
  ASSERT_THAT(Claim(kBob, {External("erp", "C-1001")}), IsOk());
  const auto many = Resolve(Value(v1::CHANNEL_EXTERNAL, "C-1001"));
  ASSERT_THAT(many, IsOk());
  EXPECT_EQ(many->outcome(), v1::RESOLVE_OUTCOME_MANY);
  EXPECT_THAT(many->candidates(), SizeIs(2));
}

TEST_F(ResolveTest, TwoIdentitiesOfOneContactAreOne) {
  ASSERT_THAT(Claim(kAda, {Handle("x", "ada"), Handle("instagram", "ada")}),
              IsOk());
  const auto found = Resolve(Value(v1::CHANNEL_SOCIAL, "@Ada"));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->outcome(), v1::RESOLVE_OUTCOME_ONE);
  EXPECT_THAT(found->candidates(), SizeIs(2));
}

TEST_F(ResolveTest, AnUntypedValueIsTriedAsAllThatItMayBe) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671")}), IsOk());
  ASSERT_THAT(Claim(kAda, {Email("ada@example.com")}), IsOk());
  ASSERT_THAT(Claim(kAda, {Handle("x", "alice")}), IsOk());
  ASSERT_THAT(Claim(kAda, {External("shop", "C-1001")}), IsOk());
  ASSERT_THAT(Claim(kAda, {Value(v1::CHANNEL_VISITOR, "v-17")}), IsOk());
  ASSERT_THAT(Claim(kAda, {Phone("555-2671")}), IsOk());
  EXPECT_EQ(ReasonFor(Resolve(Untyped("(415) 555-2671"))),
            "phone +14155552671");
  EXPECT_EQ(ReasonFor(Resolve(Untyped(" ADA@example.com"))),
            "e-mail ada@example.com");
  EXPECT_EQ(ReasonFor(Resolve(Untyped("https://x.com/Alice"))),
            "x handle alice");
  EXPECT_EQ(ReasonFor(Resolve(Untyped("@alice"))), "x handle alice");
  EXPECT_EQ(ReasonFor(Resolve(Untyped("C-1001"))), "shop id C-1001");
  EXPECT_EQ(ReasonFor(Resolve(Untyped("v-17"))), "visitor v-17");
  EXPECT_EQ(ReasonFor(Resolve(Untyped("555-2671"))), "phone 555-2671");
  EXPECT_EQ(
      ReasonFor(Resolve(Value(v1::CHANNEL_UNSPECIFIED, "C-1001", "Shop"))),
      "shop id C-1001");
  EXPECT_EQ(HolderOf(Untyped("nobody")), "RESOLVE_OUTCOME_NONE");
}

TEST_F(ResolveTest, TheOldSystemsPhoneKeyResolvesBesideThePhone) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671")}), IsOk());
  ASSERT_THAT(Claim(kBob, {External("old", "4155552671")}), IsOk());
  const auto found = Resolve(Untyped("4155552671"));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->outcome(), v1::RESOLVE_OUTCOME_MANY);
  ASSERT_THAT(found->candidates(), SizeIs(2));
  EXPECT_EQ(found->candidates(0).reason(), "phone +14155552671");
  EXPECT_EQ(found->candidates(1).reason(), "old id 4155552671");
}

TEST_F(ResolveTest, CandidatesAreAtMostTwenty) {
  for (int i = 0; i < 25; ++i) {
    ASSERT_THAT(Claim(kAda, {External("shop" + std::to_string(i), "7")}),
                IsOk());
  }
  const auto found = Resolve(Untyped("7"));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->outcome(), v1::RESOLVE_OUTCOME_ONE);
  EXPECT_THAT(found->candidates(), SizeIs(20));
}

TEST_F(ResolveTest, PlaceholdersLeadToNobody) {
  EXPECT_EQ(HolderOf(Phone("0000000")), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(HolderOf(Untyped("null")), "RESOLVE_OUTCOME_NONE");
}

TEST_F(ResolveTest, AnEndedHoldingAnswersForItsTimeOnly) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Claim(kAda, {email}), IsOk());
  const absl::Time held = Now();
  Pass(absl::Hours(1));
  ASSERT_THAT(Unlink(kAda, email), IsOk());
  EXPECT_EQ(HolderOf(email), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(HolderOf(Untyped("ada@example.com")), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(HolderAt(email, held), kAda);
  EXPECT_EQ(HolderAt(email, held - absl::Hours(24 * 3650)), kAda);
  EXPECT_EQ(HolderAt(email, Now()), "RESOLVE_OUTCOME_NONE");
}

TEST_F(ResolveTest, AnswersTheDocumentedErrors) {
  EXPECT_THAT(Resolve(Untyped("")),
              StatusIs(StatusCode::kInvalidArgument, "value.value"));
  v1::ResolveIdentityRequest request = ResolveOf(Untyped("a"));
  request.mutable_at_time()->set_nanos(-1);
  EXPECT_THAT(harness_.Call(&Stub::ResolveIdentity, request),
              StatusIs(StatusCode::kInvalidArgument, "at_time"));
  EXPECT_THAT(Resolve(Untyped("a"), kNobody),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Resolve(Untyped("a"), kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "identity.read"));
}

TEST_F(ResolveTest, BatchAnswersEachItem) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671")}), IsOk());
  ASSERT_THAT(Claim(kBob, {Handle("x", "bob")}), IsOk());
  v1::BatchResolveIdentitiesRequest request;
  *request.add_requests() = ResolveOf(Untyped("bob"));
  *request.add_requests() = ResolveOf(Untyped(""));
  *request.add_requests() = ResolveOf(Phone("415-555-2671"));
  *request.add_requests() = ResolveOf(Email("nobody@example.com"));
  *request.add_requests() = ResolveOf(Phone("+14155552671"));
  const auto batch = harness_.Call(&Stub::BatchResolveIdentities, request);
  ASSERT_THAT(batch, IsOk());
  ASSERT_THAT(batch->results(), SizeIs(5));
  const auto holder = [&](int i) {
    return batch->results(i).response().candidates(0).identity().contact_id();
  };
  EXPECT_EQ(holder(0), kBob);
  EXPECT_THAT(batch->results(1).error().message(), HasSubstr("value.value"));
  EXPECT_EQ(holder(2), kAda);
  EXPECT_EQ(batch->results(3).response().outcome(), v1::RESOLVE_OUTCOME_NONE);
  EXPECT_EQ(holder(4), kAda);
}

TEST_F(ResolveTest, BatchTakesFiveHundred) {
  ASSERT_THAT(Claim(kAda, {External("shop", "499")}), IsOk());
  v1::BatchResolveIdentitiesRequest request;
  for (int i = 0; i < 500; ++i) {
    *request.add_requests() = ResolveOf(External("shop", std::to_string(i)));
  }
  const auto batch = harness_.Call(&Stub::BatchResolveIdentities, request);
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->results(498).response().outcome(), v1::RESOLVE_OUTCOME_NONE);
  EXPECT_EQ(batch->results(499).response().outcome(), v1::RESOLVE_OUTCOME_ONE);
  *request.add_requests() = ResolveOf(Untyped("a"));
  EXPECT_THAT(harness_.Call(&Stub::BatchResolveIdentities, request),
              StatusIs(StatusCode::kInvalidArgument, "501 given"));
  EXPECT_THAT(harness_.Call(&Stub::BatchResolveIdentities,
                            v1::BatchResolveIdentitiesRequest()),
              StatusIs(StatusCode::kInvalidArgument, "want 1 to 500"));
  EXPECT_THAT(harness_.Call(&Stub::BatchResolveIdentities, request, kNobody),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(
      harness_.Call(&Stub::BatchResolveIdentities, request, kDemoNoScopes),
      StatusIs(StatusCode::kPermissionDenied, "identity.read"));
}

TEST_F(ResolveTest, AnotherTenantSeesNothing) {
  ASSERT_THAT(Claim(kAda, {Email("ada@example.com"), Handle("x", "ada")}),
              IsOk());
  EXPECT_EQ(HolderOf(Email("ada@example.com"), kOther), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(HolderOf(Untyped("@ada"), kOther), "RESOLVE_OUTCOME_NONE");
  v1::BatchResolveIdentitiesRequest request;
  *request.add_requests() = ResolveOf(Email("ada@example.com"));
  *request.add_requests() = ResolveOf(Untyped("ada"));
  const auto batch =
      harness_.Call(&Stub::BatchResolveIdentities, request, kOther);
  ASSERT_THAT(batch, IsOk());
  for (const auto& result : batch->results()) {
    EXPECT_EQ(result.response().outcome(), v1::RESOLVE_OUTCOME_NONE);
  }
}

TEST_F(ResolveTest, HealsWhenTheDatabaseDropsItsSessions) {
  ASSERT_THAT(Claim(kAda, {Email("ada@example.com")}), IsOk());
  harness_.database().KillSessions();
  // Each worker may notice once.
  int failed = 0;
  while (HolderOf(Email("ada@example.com")) != kAda) ASSERT_LT(++failed, 20);
}

}  // namespace
}  // namespace kith::identity
