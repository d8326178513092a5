#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

class LinkTest : public IdentityServiceTest {};

TEST_F(LinkTest, GivesTheValueFromEver) {
  const auto linked = Link(kAda, Email("Ada@Example.com"));
  ASSERT_THAT(linked, IsOk());
  EXPECT_EQ(linked->identity().contact_id(), kAda);
  EXPECT_EQ(linked->identity().value(), "Ada@Example.com");
  EXPECT_EQ(linked->identity().normalized_value(), "ada@example.com");
  EXPECT_EQ(linked->identity().assurance(), config::v1::ASSURANCE_REPORTED);
  EXPECT_EQ(linked->identity().claimed_by(), "demo");
  EXPECT_FALSE(linked->identity().has_start_time());
  EXPECT_EQ(HolderOf(Email("ada@example.com")), kAda);
}

TEST_F(LinkTest, LinkingAgainAnswersTheSame) {
  const auto first = Link(kAda, Email("ada@example.com"));
  Pass(absl::Hours(1));
  const auto again = Link(kAda, Email("ADA@example.com"));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(Rows("holdings"), 1);
}

TEST_F(LinkTest, WhatAFormHasSaidIsRaisedByALinkAndByAClaim) {
  for (const bool by_link : {true, false}) {
    const auto value = Email(by_link ? "ada@example.com" : "bob@example.com");
    ASSERT_THAT(Claim(kAda, {value}, kDemoPublic), IsOk());
    Pass(absl::Hours(1));
    if (by_link) {
      const auto linked = Link(kAda, value);
      ASSERT_THAT(linked, IsOk());
      EXPECT_EQ(linked->identity().assurance(), config::v1::ASSURANCE_REPORTED);
    } else {
      ASSERT_THAT(Claim(kAda, {value}), IsOk());
    }
    const auto resolved = Resolve(value);
    ASSERT_THAT(resolved, IsOk());
    const v1::Identity& held = resolved->candidates(0).identity();
    EXPECT_EQ(held.assurance(), config::v1::ASSURANCE_REPORTED);
    EXPECT_EQ(held.claimed_by(), "demo");
    EXPECT_FALSE(held.has_start_time());
    // Another form lowers nothing.
    ASSERT_THAT(Claim(kAda, {value}, kDemoPublic), IsOk());
    EXPECT_EQ(Resolve(value)->candidates(0).identity().assurance(),
              config::v1::ASSURANCE_REPORTED);
  }
  EXPECT_EQ(Rows("holdings"), 2);
}

TEST_F(LinkTest, AnothersValueStaysWithItsHolder) {
  ASSERT_THAT(Claim(kAda, {Email("ada@example.com")}), IsOk());
  EXPECT_THAT(Link(kBob, Email("ada@example.com")),
              StatusIs(StatusCode::kAlreadyExists, kAda));
  EXPECT_EQ(HolderOf(Email("ada@example.com")), kAda);
}

TEST_F(LinkTest, AValueOfAnIdWithoutAContactIsFree) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Claim(kAda, {email}), IsOk());
  Pass(absl::Hours(1));
  v1::LinkIdentityRequest request;
  request.set_contact_id(kBob);
  *request.mutable_value() = email;
  request.set_request_id("link");
  request.add_absent_contact_ids(kCleo);
  EXPECT_THAT(harness_.Call(&Stub::LinkIdentity, request),
              StatusIs(StatusCode::kAlreadyExists, kAda));
  request.add_absent_contact_ids(absl::AsciiStrToUpper(kAda));
  for (int i = 0; i < 2; ++i) {
    const auto linked = harness_.Call(&Stub::LinkIdentity, request);
    ASSERT_THAT(linked, IsOk());
    EXPECT_EQ(linked->identity().contact_id(), kBob);
    EXPECT_EQ(base::FromProto(linked->identity().start_time()), Now());
    request.clear_absent_contact_ids();
  }
  EXPECT_EQ(HolderOf(email), kBob);
  EXPECT_EQ(Rows("holdings"), 2);
  EXPECT_EQ(Rows("contact_identities"), 1);
  request.add_absent_contact_ids("x");
  EXPECT_THAT(harness_.Call(&Stub::LinkIdentity, request),
              StatusIs(StatusCode::kInvalidArgument, "absent_contact_ids"));
}

TEST_F(LinkTest, AHolderWhomATouchStillMakesIsNotAbsent) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Claim(kAda, {email}), IsOk());
  v1::LinkIdentityRequest request;
  request.set_contact_id(kBob);
  *request.mutable_value() = email;
  request.add_absent_contact_ids(kAda);
  Pass(absl::Seconds(9));
  EXPECT_THAT(harness_.Call(&Stub::LinkIdentity, request),
              StatusIs(StatusCode::kAlreadyExists, kAda));
  Pass(absl::Seconds(1));
  EXPECT_THAT(harness_.Call(&Stub::LinkIdentity, request), IsOk());
}

TEST_F(LinkTest, UnlinkFreesTheValueOfAnIdWithoutAContact) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Claim(kAda, {email}), IsOk());
  v1::UnlinkIdentityRequest request;
  request.set_contact_id(kAda);
  *request.mutable_value() = email;
  request.set_request_id("unlink");
  request.add_absent_contact_ids(absl::AsciiStrToUpper(kAda));
  Pass(absl::Seconds(9));
  EXPECT_THAT(harness_.Call(&Stub::UnlinkIdentity, request),
              StatusIs(StatusCode::kNotFound, "a touch may be making"));
  EXPECT_EQ(HolderOf(email), kAda);
  Pass(absl::Seconds(1));
  for (int i = 0; i < 2; ++i) {
    const auto unlinked = harness_.Call(&Stub::UnlinkIdentity, request);
    ASSERT_THAT(unlinked, IsOk());
    EXPECT_EQ(unlinked->identity().contact_id(), kAda);
    EXPECT_TRUE(unlinked->identity().has_end_time());
    request.clear_absent_contact_ids();
  }
  EXPECT_EQ(HolderOf(email), "RESOLVE_OUTCOME_NONE");
  request.add_absent_contact_ids("x");
  EXPECT_THAT(harness_.Call(&Stub::UnlinkIdentity, request),
              StatusIs(StatusCode::kInvalidArgument, "absent_contact_ids"));
}

TEST_F(LinkTest, AfterAnEndTheNewHoldingStartsNow) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Link(kAda, email), IsOk());
  Pass(absl::Hours(1));
  ASSERT_THAT(Unlink(kAda, email), IsOk());
  Pass(absl::Hours(1));
  const auto linked = Link(kBob, email);
  ASSERT_THAT(linked, IsOk());
  EXPECT_EQ(base::FromProto(linked->identity().start_time()), Now());
  EXPECT_EQ(HolderOf(email), kBob);
  EXPECT_EQ(HolderAt(email, Now() - absl::Hours(2)), kAda);
}

TEST_F(LinkTest, AnswersTheDocumentedErrors) {
  EXPECT_THAT(Link("x", Email("ada@example.com")),
              StatusIs(StatusCode::kInvalidArgument, "contact_id"));
  EXPECT_THAT(Link(kAda, Untyped("ada@example.com")),
              StatusIs(StatusCode::kInvalidArgument, "value.channel"));
  EXPECT_THAT(Link(kAda, Phone("0000000")),
              StatusIs(StatusCode::kInvalidArgument,
                       "value: a placeholder: it is all zeros"));
  EXPECT_EQ(Rows("identities"), 0);
  EXPECT_THAT(Link(kAda, Email("ada@example.com"), "", kNobody),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Link(kAda, Email("ada@example.com"), "", kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "identity.write"));
}

TEST_F(LinkTest, IsIdempotentByRequestId) {
  const auto first = Link(kAda, Email("ada@example.com"), "link-1");
  ASSERT_THAT(first, IsOk());
  const auto again = Link(kAda, Email("ada@example.com"), "link-1");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_THAT(Link(kAda, Email("other@example.com"), "link-1"),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
  EXPECT_EQ(HolderOf(Email("other@example.com")), "RESOLVE_OUTCOME_NONE");
  // A repeat that arrives late does not link again.
  ASSERT_THAT(Unlink(kAda, Email("ada@example.com")), IsOk());
  const auto late = Link(kAda, Email("ada@example.com"), "link-1");
  ASSERT_THAT(late, IsOk());
  EXPECT_TRUE(late->identity().has_end_time());
  EXPECT_EQ(HolderOf(Email("ada@example.com")), "RESOLVE_OUTCOME_NONE");
}

TEST_F(LinkTest, OneOfManyWins) {
  const std::vector<std::string> contacts = {kAda, kBob, kCleo};
  std::vector<absl::StatusOr<v1::LinkIdentityResponse>> answers(
      24, absl::UnknownError("not called"));
  std::vector<std::thread> threads;
  for (size_t i = 0; i < answers.size(); ++i) {
    threads.emplace_back(
        [&, i] { answers[i] = Link(contacts[i % 3], Phone("+14155552671")); });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string winner = HolderOf(Phone("+14155552671"));
  for (size_t i = 0; i < answers.size(); ++i) {
    if (contacts[i % 3] == winner) {
      EXPECT_THAT(answers[i], IsOk());
    } else {
      EXPECT_THAT(answers[i], StatusIs(StatusCode::kAlreadyExists, winner));
    }
  }
  EXPECT_EQ(Rows("holdings"), 1);
}

TEST_F(LinkTest, UnlinkEndsTheHoldingNow) {
  ASSERT_THAT(Link(kAda, Phone("+14155552671")), IsOk());
  Pass(absl::Hours(1));
  const auto unlinked = Unlink(kAda, Phone("(415) 555-2671"));
  ASSERT_THAT(unlinked, IsOk());
  EXPECT_EQ(unlinked->identity().contact_id(), kAda);
  EXPECT_EQ(unlinked->identity().value(), "+14155552671");
  EXPECT_EQ(base::FromProto(unlinked->identity().end_time()), Now());
  EXPECT_EQ(Rows("contact_identities"), 0);
  EXPECT_EQ(Rows("holdings"), 1);
  EXPECT_EQ(Rows("identities"), 1);
}

TEST_F(LinkTest, UnlinkAnswersTheDocumentedErrors) {
  ASSERT_THAT(Link(kAda, Phone("+14155552671")), IsOk());
  EXPECT_THAT(Unlink(kAda, Email("ada@example.com")),
              StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Unlink(kBob, Phone("+14155552671")),
              StatusIs(StatusCode::kNotFound, "does not hold"));
  EXPECT_THAT(Unlink("x", Phone("+14155552671")),
              StatusIs(StatusCode::kInvalidArgument, "contact_id"));
  EXPECT_THAT(Unlink(kAda, Phone("+14155552671"), "", kNobody),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Unlink(kAda, Phone("+14155552671"), "", kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "identity.write"));
  ASSERT_THAT(Unlink(kAda, Phone("+14155552671")), IsOk());
  EXPECT_THAT(Unlink(kAda, Phone("+14155552671")),
              StatusIs(StatusCode::kNotFound));
}

TEST_F(LinkTest, UnlinkIsIdempotentByRequestId) {
  const v1::ChannelValue phone = Phone("+14155552671");
  ASSERT_THAT(Link(kAda, phone), IsOk());
  Pass(absl::Hours(1));
  const auto first = Unlink(kAda, phone, "unlink-1");
  ASSERT_THAT(first, IsOk());
  Pass(absl::Hours(1));
  // Whatever happened since, the repeat answers the same and ends nothing.
  ASSERT_THAT(Link(kAda, phone), IsOk());
  const auto again = Unlink(kAda, phone, "unlink-1");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(HolderOf(phone), kAda);
  EXPECT_THAT(Unlink(kBob, phone, "unlink-1"),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
  EXPECT_THAT(Link(kAda, phone, "unlink-1"),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST_F(LinkTest, WhatAnyMemberHoldsTheCustomerHolds) {
  const v1::ChannelValue phone = Phone("+14155552671");
  ASSERT_THAT(Link(kBob, phone), IsOk());
  v1::LinkIdentityRequest link;
  link.set_contact_id(kAda);
  *link.mutable_value() = phone;
  link.set_request_id("link-1");
  EXPECT_THAT(harness_.Call(&Stub::LinkIdentity, link),
              StatusIs(StatusCode::kAlreadyExists, kBob));
  link.add_member_ids(kBob);
  const auto linked = harness_.Call(&Stub::LinkIdentity, link);
  ASSERT_THAT(linked, IsOk());
  EXPECT_EQ(linked->identity().contact_id(), kBob);
  // They are parted meanwhile: the repeat answers the same.
  link.clear_member_ids();
  const auto again = harness_.Call(&Stub::LinkIdentity, link);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), linked->SerializeAsString());

  v1::UnlinkIdentityRequest unlink;
  unlink.set_contact_id(kAda);
  *unlink.mutable_value() = phone;
  unlink.set_request_id("unlink-1");
  EXPECT_THAT(harness_.Call(&Stub::UnlinkIdentity, unlink),
              StatusIs(StatusCode::kNotFound));
  unlink.add_member_ids(kBob);
  const auto unlinked = harness_.Call(&Stub::UnlinkIdentity, unlink);
  ASSERT_THAT(unlinked, IsOk());
  EXPECT_EQ(unlinked->identity().contact_id(), kBob);
  EXPECT_EQ(HolderOf(phone), "RESOLVE_OUTCOME_NONE");
  unlink.clear_member_ids();
  const auto ended = harness_.Call(&Stub::UnlinkIdentity, unlink);
  ASSERT_THAT(ended, IsOk());
  EXPECT_EQ(ended->SerializeAsString(), unlinked->SerializeAsString());
}

// As where the customer was named by the very value that was unlinked.
TEST_F(LinkTest, ARepeatByFingerprintNeedsNoContact) {
  const v1::ChannelValue phone = Phone("+14155552671");
  v1::LinkIdentityRequest link;
  link.set_contact_id(kAda);
  *link.mutable_value() = phone;
  link.set_request_id("link-1");
  link.mutable_forwarded()->set_fingerprint(std::string(32, 'f'));
  const auto linked = harness_.Call(&Stub::LinkIdentity, link);
  ASSERT_THAT(linked, IsOk());
  link.clear_contact_id();
  EXPECT_EQ(harness_.Call(&Stub::LinkIdentity, link)->SerializeAsString(),
            linked->SerializeAsString());
  v1::UnlinkIdentityRequest unlink;
  unlink.set_contact_id(kAda);
  *unlink.mutable_value() = phone;
  unlink.set_request_id("unlink-1");
  unlink.mutable_forwarded()->set_fingerprint(std::string(32, 'g'));
  const auto unlinked = harness_.Call(&Stub::UnlinkIdentity, unlink);
  ASSERT_THAT(unlinked, IsOk());
  unlink.clear_contact_id();
  EXPECT_EQ(harness_.Call(&Stub::UnlinkIdentity, unlink)->SerializeAsString(),
            unlinked->SerializeAsString());

  link.set_request_id("link-2");
  EXPECT_THAT(harness_.Call(&Stub::LinkIdentity, link),
              StatusIs(StatusCode::kNotFound, "request_id"));
  unlink.set_request_id("unlink-2");
  EXPECT_THAT(harness_.Call(&Stub::UnlinkIdentity, unlink),
              StatusIs(StatusCode::kNotFound, "request_id"));
  EXPECT_EQ(Rows("holdings"), 1);
}

TEST_F(LinkTest, LinkAndUnlinkWithinOneMomentStayApart) {
  const v1::ChannelValue phone = Phone("+14155552671");
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(Link(kAda, phone), IsOk());
    ASSERT_THAT(Unlink(kAda, phone), IsOk());
  }
  EXPECT_EQ(Rows("holdings"), 3);
  EXPECT_EQ(Rows("contact_identities"), 0);
}

TEST_F(LinkTest, RepeatsAtOnceHaveOneEffect) {
  const v1::ChannelValue phone = Phone("+14155552671");
  ASSERT_THAT(Link(kAda, phone), IsOk());
  Pass(absl::Hours(1));
  std::vector<absl::StatusOr<v1::UnlinkIdentityResponse>> answers(
      16, absl::UnknownError("not called"));
  std::vector<std::thread> threads;
  for (auto& answer : answers) {
    threads.emplace_back([&] { answer = Unlink(kAda, phone, "once"); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& answer : answers) {
    ASSERT_THAT(answer, IsOk());
    EXPECT_EQ(base::FromProto(answer->identity().end_time()), Now());
  }
}

TEST_F(LinkTest, AnotherTenantSeesAndChangesNothing) {
  const v1::ChannelValue phone = Phone("+14155552671");
  ASSERT_THAT(Link(kAda, phone, "same-id"), IsOk());
  EXPECT_THAT(Unlink(kAda, phone, "", kOther), StatusIs(StatusCode::kNotFound));
  ASSERT_THAT(Link(kBob, phone, "same-id", kOther), IsOk());
  ASSERT_THAT(Unlink(kBob, phone, "", kOther), IsOk());
  EXPECT_EQ(HolderOf(phone), kAda);
}

TEST_F(LinkTest, HealsWhenTheDatabaseDropsItsSessions) {
  ASSERT_THAT(Link(kAda, Phone("+14155552671")), IsOk());
  harness_.database().KillSessions();
  EXPECT_THAT(Link(kAda, Email("ada@example.com")), IsOk());
  EXPECT_THAT(Unlink(kAda, Phone("+14155552671")), IsOk());
}

}  // namespace
}  // namespace kith::identity
