#include <string>
#include <thread>
#include <vector>

#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

class MoveTest : public IdentityServiceTest {
 protected:
  v1::MoveIdentityRequest MoveOf(const std::string& from, const std::string& to,
                                 const std::string& request_id = "") {
    v1::MoveIdentityRequest request;
    request.set_from_contact_id(from);
    request.set_to_contact_id(to);
    *request.mutable_value() = phone_;
    request.set_reason("a typing error");
    request.set_request_id(request_id);
    return request;
  }
  v1::MoveIdentityRequest MoveAt(absl::Time time) {
    v1::MoveIdentityRequest request = MoveOf(kAda, kBob);
    *request.mutable_from_time() = base::ToProto(time);
    return request;
  }
  v1::MoveIdentityRequest NeverTheirs(const std::string& request_id = "") {
    v1::MoveIdentityRequest request = MoveOf(kAda, kBob, request_id);
    request.set_never_theirs(true);
    return request;
  }

  absl::StatusOr<v1::MoveIdentityResponse> Move(
      const v1::MoveIdentityRequest& request, TestKey key = kDemo) {
    return harness_.Call(&Stub::MoveIdentity, request, key);
  }

  const v1::ChannelValue phone_ = Phone("+14155552671");
};

TEST_F(MoveTest, FromATimeOnTheValueIsTheOthers) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  const absl::Time recycled = Now() - absl::Hours(24);
  const auto moved = Move(MoveAt(recycled));
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->identity().contact_id(), kBob);
  EXPECT_EQ(base::FromProto(moved->identity().start_time()), recycled);
  EXPECT_FALSE(moved->identity().has_end_time());
  EXPECT_EQ(moved->former_identity().contact_id(), kAda);
  EXPECT_EQ(base::FromProto(moved->former_identity().end_time()), recycled);
  EXPECT_EQ(moved->former_identity().end_reason(), "a typing error");
  EXPECT_EQ(HolderOf(phone_), kBob);
  EXPECT_EQ(HolderAt(phone_, recycled), kBob);
  EXPECT_EQ(HolderAt(phone_, recycled - absl::Microseconds(1)), kAda);
  // Late events go to the holder of their time.
  EXPECT_EQ(ClaimAt(kCleo, phone_, recycled - absl::Hours(1))->contact_id(),
            kAda);
  EXPECT_EQ(ClaimAt(kCleo, phone_, recycled)->contact_id(), kBob);
  EXPECT_EQ(Rows("holdings"), 2);
  EXPECT_EQ(Rows("contact_identities"), 1);
}

TEST_F(MoveTest, WhatWasNeverTheirsIsTheOthersFromEver) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  Pass(absl::Hours(1));
  const auto moved = Move(NeverTheirs());
  ASSERT_THAT(moved, IsOk());
  EXPECT_FALSE(moved->identity().has_start_time());
  EXPECT_EQ(moved->former_identity().contact_id(), kAda);
  EXPECT_EQ(moved->former_identity().end_time().seconds(), -62'135'596'800);
  for (const absl::Duration ago :
       {absl::ZeroDuration(), absl::Hours(1), absl::Hours(24 * 365 * 50)}) {
    EXPECT_EQ(HolderAt(phone_, Now() - ago), kBob) << ago;
    EXPECT_EQ(ClaimAt(kCleo, phone_, Now() - ago)->contact_id(), kBob) << ago;
  }
  // And back.
  v1::MoveIdentityRequest back = MoveOf(kBob, kAda);
  back.set_never_theirs(true);
  ASSERT_THAT(Move(back), IsOk());
  EXPECT_EQ(HolderAt(phone_, Now() - absl::Hours(24 * 365 * 50)), kAda);
  EXPECT_EQ(HolderOf(phone_), kAda);
  EXPECT_EQ(Rows("contact_identities"), 1);
}

TEST_F(MoveTest, OnlyTheNewestHoldingIsTheOthersIfItWasNeverTheirs) {
  ASSERT_THAT(Claim(kCleo, {phone_}), IsOk());
  const absl::Time given_back = Now();
  ASSERT_THAT(Unlink(kCleo, phone_), IsOk());
  Pass(absl::Hours(2));
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  ASSERT_THAT(Move(NeverTheirs()), IsOk());
  EXPECT_EQ(HolderAt(phone_, given_back - absl::Hours(1)), kCleo);
  EXPECT_EQ(HolderAt(phone_, Now()), kBob);
  EXPECT_EQ(ClaimAt(kAda, phone_, given_back - absl::Hours(1))->contact_id(),
            kCleo);
  EXPECT_EQ(ClaimAt(kAda, phone_, given_back + absl::Hours(1))->contact_id(),
            kBob);
}

// Somebody has said that they are two people.
TEST_F(MoveTest, AMovedBrowserIsNotThatOfAVisitorWhoLogsIn) {
  v1::MoveIdentityRequest request = MoveOf(kAda, kBob);
  *request.mutable_value() = Value(v1::CHANNEL_VISITOR, "cookie-1");
  ASSERT_THAT(Claim(kAda, {request.value()}), IsOk());
  Pass(absl::Hours(1));
  ASSERT_THAT(Move(request), IsOk());
  const auto claimed =
      Claim(kCleo, {Email("bob@example.com"), request.value()}, kDemoVerified);
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kBob);
  EXPECT_EQ(claimed->values(1).former_contact_id(), "");
}

TEST_F(MoveTest, IsIdempotentByRequestId) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  for (const bool never : {false, true}) {
    const std::string id = never ? "never" : "from-now-on";
    v1::MoveIdentityRequest request =
        never ? NeverTheirs(id) : MoveOf(kAda, kBob, id);
    const auto moved = Move(request);
    ASSERT_THAT(moved, IsOk());
    Pass(absl::Hours(1));
    // It goes back meanwhile; groups may differ.
    ASSERT_THAT(Move(MoveOf(kBob, kAda)), IsOk());
    request.add_from_member_ids(kCleo);
    const auto again = Move(request);
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(again->former_identity().SerializeAsString(),
              moved->former_identity().SerializeAsString());
    EXPECT_EQ(again->identity().contact_id(), kBob);
    EXPECT_TRUE(again->identity().has_end_time());
    EXPECT_EQ(HolderOf(phone_), kAda);
    request.set_reason("another");
    EXPECT_THAT(Move(request),
                StatusIs(StatusCode::kInvalidArgument, "request_id"));
    Pass(absl::Hours(1));
  }
}

TEST_F(MoveTest, ARepeatByFingerprintNeedsNoContact) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  v1::MoveIdentityRequest request = MoveOf(kAda, kBob, "move-1");
  request.mutable_forwarded()->set_fingerprint(std::string(32, 'f'));
  const auto moved = Move(request);
  ASSERT_THAT(moved, IsOk());
  request.clear_from_contact_id();
  request.clear_to_contact_id();
  EXPECT_EQ(Move(request)->SerializeAsString(), moved->SerializeAsString());
  request.set_request_id("move-2");
  EXPECT_THAT(Move(request), StatusIs(StatusCode::kNotFound, "request_id"));
}

TEST_F(MoveTest, AnyOfAGroupHoldsTheValue) {
  ASSERT_THAT(Claim(kCleo, {phone_}), IsOk());
  v1::MoveIdentityRequest request = MoveOf(kAda, kBob);
  EXPECT_THAT(Move(request), StatusIs(StatusCode::kNotFound, "not hold"));
  request.add_to_member_ids(kCleo);
  EXPECT_THAT(Move(request), StatusIs(StatusCode::kAlreadyExists, kCleo));
  request.clear_to_member_ids();
  request.add_from_member_ids(kCleo);
  const auto moved = Move(request);
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->former_identity().contact_id(), kCleo);
  EXPECT_EQ(HolderOf(phone_), kBob);
}

TEST_F(MoveTest, AnswersTheDocumentedErrors) {
  EXPECT_THAT(Move(MoveOf(kAda, kBob)), StatusIs(StatusCode::kNotFound));
  const absl::Time begun = Now();
  ASSERT_THAT(Claim(kCleo, {phone_}), IsOk());
  ASSERT_THAT(Unlink(kCleo, phone_), IsOk());
  Pass(absl::Hours(1));
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  EXPECT_THAT(Move(MoveOf("x", kBob)),
              StatusIs(StatusCode::kInvalidArgument, "from_contact_id"));
  v1::MoveIdentityRequest zeros = MoveOf(kAda, kBob);
  *zeros.mutable_value() = Phone("0000000");
  EXPECT_THAT(Move(zeros),
              StatusIs(StatusCode::kInvalidArgument, "value: a placeholder"));
  EXPECT_THAT(Move(MoveOf(kBob, kAda)),
              StatusIs(StatusCode::kAlreadyExists, kAda));
  EXPECT_THAT(Move(MoveAt(begun)), StatusIs(StatusCode::kFailedPrecondition,
                                            "from_time: want a time after"));
  EXPECT_THAT(Move(MoveOf(kAda, kBob), kOther),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Move(MoveOf(kAda, kBob), kDemoPublic),
              StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT(Move(MoveOf(kAda, kBob), kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "identity.write"));
  EXPECT_EQ(HolderOf(phone_), kAda);
}

TEST_F(MoveTest, OfManyAtOnceOneMovesIt) {
  ASSERT_THAT(Claim(kAda, {phone_}), IsOk());
  std::vector<absl::StatusOr<v1::MoveIdentityResponse>> answers(
      16, absl::UnknownError("not called"));
  std::vector<std::thread> threads;
  for (size_t i = 0; i < answers.size(); ++i) {
    threads.emplace_back(
        [&, i] { answers[i] = Move(MoveOf(kAda, i % 2 == 0 ? kBob : kCleo)); });
  }
  for (std::thread& thread : threads) thread.join();
  int moved = 0;
  for (const auto& answer : answers) {
    if (answer.ok()) {
      ++moved;
      EXPECT_EQ(answer->identity().contact_id(), HolderOf(phone_));
    } else {
      EXPECT_TRUE(absl::IsNotFound(answer.status()) ||
                  absl::IsAlreadyExists(answer.status()))
          << answer.status();
    }
  }
  EXPECT_EQ(moved, 1);
  EXPECT_EQ(Rows("holdings"), 2);
}

}  // namespace
}  // namespace kith::identity
