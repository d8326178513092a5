#include "gateway/flows/request_id.h"

#include <string>

#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/gateway/v1/contact.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

v1::LinkIdentityRequest LinkRequest(const std::string& request_id) {
  v1::LinkIdentityRequest request;
  request.mutable_customer()->mutable_value()->set_value("ada@example.com");
  request.set_request_id(request_id);
  return request;
}

TEST(RequestIdTest, KeepsTheCallersId) {
  EXPECT_EQ(RequestId("link-1"), "link-1");
}

TEST(RequestIdTest, MakesANewUuidForEachCallWithoutOne) {
  const std::string id = RequestId("");
  EXPECT_TRUE(base::Uuid::Parse(id).has_value());
  EXPECT_NE(RequestId(""), id);
}

TEST(PassRequestIdTest, ARepeatIsKnownByTheCallersOwnRequest) {
  identity::v1::LinkIdentityRequest first;
  PassRequestId(LinkRequest("link-1"), first);
  EXPECT_EQ(first.request_id(), "link-1");
  EXPECT_EQ(first.forwarded().fingerprint(),
            base::Fingerprint(LinkRequest("link-1")));

  // The value may mean another contact by now.
  identity::v1::LinkIdentityRequest again;
  again.set_contact_id("another");
  PassRequestId(LinkRequest("link-1"), again);
  EXPECT_EQ(again.forwarded().fingerprint(), first.forwarded().fingerprint());

  auto other = LinkRequest("link-1");
  other.mutable_customer()->mutable_value()->set_value("bob@example.com");
  PassRequestId(other, again);
  EXPECT_NE(again.forwarded().fingerprint(), first.forwarded().fingerprint());
}

TEST(PassRequestIdTest, ARequestWithoutAnIdCannotBeRepeated) {
  identity::v1::LinkIdentityRequest link;
  PassRequestId(LinkRequest(""), link);
  EXPECT_NE(link.request_id(), "");
  EXPECT_FALSE(link.has_forwarded());
}

TEST(MayBeRepeatTest, OnlyIfNobodyWasFoundForARequestWithAnId) {
  for (const StatusCode code :
       {StatusCode::kNotFound, StatusCode::kFailedPrecondition,
        StatusCode::kInvalidArgument}) {
    const absl::Status found(code, "");
    EXPECT_TRUE(MayBeRepeat(found, LinkRequest("link-1"))) << found;
    EXPECT_FALSE(MayBeRepeat(found, LinkRequest(""))) << found;
  }
  for (const StatusCode code :
       {StatusCode::kOk, StatusCode::kUnavailable,
        StatusCode::kDeadlineExceeded, StatusCode::kInternal}) {
    const absl::Status found(code, "");
    EXPECT_FALSE(MayBeRepeat(found, LinkRequest("link-1"))) << found;
  }
}

TEST(FailureOfTest, IsTheErrorOfTheSearchIfTheServiceKnowsNoRepeat) {
  const absl::Status ambiguous = absl::FailedPreconditionError("two customers");
  for (const StatusCode code :
       {StatusCode::kNotFound, StatusCode::kInvalidArgument}) {
    EXPECT_THAT(FailureOf(ambiguous, absl::Status(code, "no ids")),
                StatusIs(StatusCode::kFailedPrecondition, "two customers"));
  }
}

TEST(FailureOfTest, IsElseWhatTheServiceAnswers) {
  const absl::Status nobody = absl::NotFoundError("nobody");
  EXPECT_THAT(FailureOf(nobody, absl::OkStatus()), IsOk());
  EXPECT_THAT(FailureOf(nobody, absl::UnavailableError("down")),
              StatusIs(StatusCode::kUnavailable, "down"));
  EXPECT_THAT(FailureOf(absl::OkStatus(), absl::NotFoundError("no contact")),
              StatusIs(StatusCode::kNotFound, "no contact"));
}

}  // namespace
}  // namespace kith::gateway
