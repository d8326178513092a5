#include "gateway/hooks/journal/attempt_end.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using interactions::v1::ENTRY_STATE_DONE;
using interactions::v1::ENTRY_STATE_FAILED;
using interactions::v1::ENTRY_STATE_RECEIVED;
using interactions::v1::SettleEntryRequest;

SettleEntryRequest DoneAttempt() {
  SettleEntryRequest end;
  end.set_state(ENTRY_STATE_DONE);
  return end;
}

TEST(AttemptEndTest, WithoutAnErrorItIsDone) {
  SettleEntryRequest end = DoneAttempt();
  AddToEnd(absl::OkStatus(), end);
  EXPECT_EQ(end.state(), ENTRY_STATE_DONE);
  EXPECT_EQ(end.reason(), "");
}

TEST(AttemptEndTest, WhatPassesIsMadeAgain) {
  for (const auto code :
       {absl::StatusCode::kUnavailable, absl::StatusCode::kDeadlineExceeded,
        absl::StatusCode::kAborted, absl::StatusCode::kResourceExhausted,
        absl::StatusCode::kUnknown, absl::StatusCode::kCancelled,
        absl::StatusCode::kInternal}) {
    SettleEntryRequest end = DoneAttempt();
    AddToEnd(absl::Status(code, "why"), end);
    EXPECT_EQ(end.state(), ENTRY_STATE_RECEIVED) << code;
    EXPECT_EQ(end.failure(), interactions::v1::ENTRY_FAILURE_UNSPECIFIED);
    EXPECT_EQ(end.reason(),
              absl::StrCat(absl::StatusCodeToString(code), ": why"));
  }
}

TEST(AttemptEndTest, WhatIsInvalidOrRefusedWaitsForAPerson) {
  for (const auto code :
       {absl::StatusCode::kInvalidArgument, absl::StatusCode::kNotFound}) {
    SettleEntryRequest end = DoneAttempt();
    AddToEnd(absl::Status(code, "why"), end);
    EXPECT_EQ(end.state(), ENTRY_STATE_FAILED) << code;
    EXPECT_EQ(end.failure(), interactions::v1::ENTRY_FAILURE_VALIDATION);
  }
  for (const auto code :
       {absl::StatusCode::kPermissionDenied, absl::StatusCode::kUnauthenticated,
        absl::StatusCode::kFailedPrecondition,
        absl::StatusCode::kAlreadyExists}) {
    SettleEntryRequest end = DoneAttempt();
    AddToEnd(absl::Status(code, "why"), end);
    EXPECT_EQ(end.state(), ENTRY_STATE_FAILED) << code;
    EXPECT_EQ(end.failure(), interactions::v1::ENTRY_FAILURE_REFUSED);
  }
}

TEST(AttemptEndTest, AFailureIsStrongerInWhateverOrder) {
  const absl::Status passing = absl::UnavailableError("later");
  const absl::Status lasting = absl::InvalidArgumentError("email: bad");
  for (const bool passing_first : {true, false}) {
    SettleEntryRequest end = DoneAttempt();
    AddToEnd(passing_first ? passing : lasting, end);
    AddToEnd(passing_first ? lasting : passing, end);
    EXPECT_EQ(end.state(), ENTRY_STATE_FAILED);
    EXPECT_EQ(end.reason(), "INVALID_ARGUMENT: email: bad");
  }
}

TEST(AttemptEndTest, ALongReasonIsCutShort) {
  SettleEntryRequest end = DoneAttempt();
  AddToEnd(absl::InvalidArgumentError(std::string(5'000, 'x')), end);
  EXPECT_LE(end.reason().size(), 1'000);
}

}  // namespace
}  // namespace kith::gateway
