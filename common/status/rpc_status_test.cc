#include "common/status/rpc_status.h"

#include "absl/strings/cord.h"
#include "common/status/status_macros.h"
#include "common/status/whole_characters.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace kith::status {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

TEST(RpcStatusTest, AnInternalErrorSaysOnlyThatItHappened) {
  const absl::Status status = absl::InternalError("SELECT secret FROM t");
  EXPECT_EQ(Public(status), absl::InternalError("internal error"));
  EXPECT_EQ(ToProto(status).code(), 13);
  EXPECT_EQ(ToProto(status).message(), "internal error");
}

TEST(RpcStatusTest, OtherErrorsKeepTheirText) {
  const absl::Status status = absl::NotFoundError("no contact 17");
  EXPECT_EQ(Public(status), status);
  EXPECT_EQ(ToProto(status).code(), 5);
  EXPECT_EQ(ToProto(status).message(), "no contact 17");
}

TEST(RpcStatusTest, ALongTextIsCut) {
  const std::string text(kMaxMessage, 'x');
  EXPECT_EQ(Public(absl::NotFoundError(text)), absl::NotFoundError(text));
  EXPECT_EQ(Public(absl::NotFoundError(text + "x")),
            absl::NotFoundError(text.substr(3) + "..."));
}

TEST(WholeCharactersTest, CountsBytesOrCharacters) {
  const std::string text = "h\u00e9\u20acl";
  EXPECT_EQ(WholeCharacters(text, 5), "h\u00e9");
  EXPECT_EQ(FirstCharacters(text, 0), "");
  EXPECT_EQ(FirstCharacters(text, 2), "h\u00e9");
  EXPECT_EQ(FirstCharacters(text, 3), "h\u00e9\u20ac");
  EXPECT_EQ(FirstCharacters(text, 4), text);
  EXPECT_EQ(FirstCharacters(text, 5), text);
}

TEST(RpcStatusTest, ATextIsCutBetweenCharacters) {
  EXPECT_EQ(Shortened("h\u00e9llo", 6), "h\u00e9llo");
  EXPECT_EQ(Shortened("h\u00e9llo!", 6), "h\u00e9...");
  EXPECT_EQ(Shortened("h\u00e9llo", 5), "h...");
  EXPECT_EQ(Shortened("\u20ac\u20ac", 4), "...");
}

TEST(RpcStatusTest, PayloadsStayInside) {
  absl::Status status = absl::AbortedError("lost");
  status.SetPayload("kith.mysql/errno", absl::Cord("1213"));
  EXPECT_EQ(Public(status), absl::AbortedError("lost"));
}

google::rpc::RetryInfo RetryIn(int64_t seconds) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(seconds);
  return retry;
}

TEST(RpcStatusTest, DetailsAreShownAndComeBack) {
  absl::Status status = absl::ResourceExhaustedError("full");
  EXPECT_FALSE(FindDetail<google::rpc::RetryInfo>(status).has_value());
  AddDetail(RetryIn(1), status);
  AddDetail(RetryIn(7), status);
  status.SetPayload("kith.mysql/errno", absl::Cord("1213"));
  const absl::Status back = FromProto(ToProto(status));
  EXPECT_EQ(back, Public(status));
  EXPECT_EQ(ToProto(status).details_size(), 1);
  EXPECT_EQ(FindDetail<google::rpc::RetryInfo>(back)->retry_delay().seconds(),
            7);
}

TEST(RpcStatusTest, AnInternalErrorHasNoDetails) {
  absl::Status status = absl::InternalError("bug");
  AddDetail(RetryIn(1), status);
  EXPECT_EQ(ToProto(status).details_size(), 0);
}

TEST(RpcStatusTest, AMessageComesBack) {
  EXPECT_THAT(FromProto(ToProto(absl::OkStatus())), IsOk());
  EXPECT_EQ(FromProto(ToProto(absl::AbortedError("again"))),
            absl::AbortedError("again"));
}

absl::StatusOr<int> Half(int number) {
  if (number % 2 != 0) return absl::InvalidArgumentError("odd");
  return number / 2;
}

absl::StatusOr<int> Quarter(int number) {
  KITH_ASSIGN_OR_RETURN(const int half, Half(number));
  KITH_ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

absl::Status CheckQuarter(int number, bool& went_on) {
  KITH_RETURN_IF_ERROR(Quarter(number).status());
  went_on = true;
  return absl::OkStatus();
}

TEST(StatusMacrosTest, AnErrorReturnsAndAValueIsAssigned) {
  EXPECT_EQ(*Quarter(12), 3);
  EXPECT_THAT(Quarter(7), StatusIs(StatusCode::kInvalidArgument, "odd"));
  EXPECT_THAT(Quarter(6), StatusIs(StatusCode::kInvalidArgument, "odd"));
  bool went_on = false;
  EXPECT_THAT(CheckQuarter(6, went_on), StatusIs(StatusCode::kInvalidArgument));
  EXPECT_FALSE(went_on);
  EXPECT_THAT(CheckQuarter(8, went_on), IsOk());
  EXPECT_TRUE(went_on);
}

}  // namespace
}  // namespace kith::status
