#include "common/mysql/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::mysql {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

struct Meaning {
  int error_number;
  StatusCode code;
  bool lost_race = false;
  bool connection_lost = false;
};

class ErrorTableTest : public ::testing::TestWithParam<Meaning> {};

TEST_P(ErrorTableTest, ANumberHasItsMeaning) {
  const Meaning& meaning = GetParam();
  const absl::Status status = ErrorToStatus(meaning.error_number, "text");
  EXPECT_THAT(status, StatusIs(meaning.code));
  EXPECT_EQ(Errno(status), meaning.error_number);
  EXPECT_EQ(IsLostRace(status), meaning.lost_race);
  EXPECT_EQ(IsConnectionLost(status), meaning.connection_lost);
  EXPECT_EQ(IsDuplicateKey(status), meaning.error_number == 1062);
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, ErrorTableTest,
    ::testing::Values(Meaning{1062, StatusCode::kAlreadyExists},
                      Meaning{1020, StatusCode::kAborted, true},
                      Meaning{1205, StatusCode::kAborted, true},
                      Meaning{3572, StatusCode::kAborted, true},
                      Meaning{1213, StatusCode::kAborted, true},
                      Meaning{1317, StatusCode::kDeadlineExceeded},
                      Meaning{1969, StatusCode::kDeadlineExceeded},
                      Meaning{3024, StatusCode::kDeadlineExceeded},
                      Meaning{1040, StatusCode::kUnavailable},
                      Meaning{1203, StatusCode::kUnavailable},
                      Meaning{1290, StatusCode::kUnavailable},
                      Meaning{1836, StatusCode::kUnavailable},
                      Meaning{2002, StatusCode::kUnavailable},
                      Meaning{2003, StatusCode::kUnavailable},
                      Meaning{2026, StatusCode::kUnavailable},
                      Meaning{1053, StatusCode::kUnavailable, false, true},
                      Meaning{1158, StatusCode::kUnavailable, false, true},
                      Meaning{1927, StatusCode::kUnavailable, false, true},
                      Meaning{2006, StatusCode::kUnavailable, false, true},
                      Meaning{2013, StatusCode::kUnavailable, false, true},
                      Meaning{2055, StatusCode::kUnavailable, false, true},
                      Meaning{1064, StatusCode::kInternal},
                      Meaning{1146, StatusCode::kInternal},
                      Meaning{1406, StatusCode::kInternal},
                      Meaning{0, StatusCode::kInternal}),
    [](const auto& info) { return absl::StrCat(info.param.error_number); });

TEST(ErrorsTest, OneOfOurOwnBugsKeepsItsTextForTheLog) {
  EXPECT_THAT(ErrorToStatus(1146, "Table 'kith.x' doesn't exist"),
              StatusIs(StatusCode::kInternal,
                       "database error 1146: Table 'kith.x' doesn't exist"));
}

TEST(ErrorsTest, ATextThatQuotesValuesIsLeftOut) {
  for (const int number : {1062, 1292, 1366, 1213, 2013}) {
    const absl::Status status =
        ErrorToStatus(number, "Duplicate entry 'ada@example.com' for key");
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("ada"))) << number;
  }
}

TEST(ErrorsTest, WhyTheDatabaseCannotBeReachedIsForTheLogAlone) {
  const absl::Status status = ErrorToStatus(2026, "certificate has expired");
  EXPECT_THAT(status, Not(StatusIs(StatusCode::kUnavailable, "certificate")));
  EXPECT_THAT(WithCause(status),
              StatusIs(StatusCode::kUnavailable,
                       "the database cannot be reached; try again: "
                       "certificate has expired (2026)"));
  EXPECT_THAT(WithCause(absl::OkStatus()), IsOk());
}

TEST(ErrorsTest, WhatIsNotFromTheDatabaseHasNoNumber) {
  EXPECT_EQ(Errno(absl::OkStatus()), 0);
  const absl::Status stale = absl::AbortedError("stale etag");
  EXPECT_EQ(Errno(stale), 0);
  EXPECT_FALSE(IsLostRace(stale));
  EXPECT_FALSE(IsDuplicateKey(absl::AlreadyExistsError("contact")));
  EXPECT_FALSE(IsConnectionLost(absl::UnavailableError("other service")));
}

TEST(ErrorsTest, RetryIfDuplicateTurnsADuplicateIntoALostRace) {
  EXPECT_TRUE(IsLostRace(RetryIfDuplicate(ErrorToStatus(1062, ""))));
  EXPECT_THAT(RetryIfDuplicate(absl::OkStatus()), IsOk());
  const absl::Status domain = absl::AlreadyExistsError("contact");
  EXPECT_EQ(RetryIfDuplicate(domain), domain);
  const absl::Status lost = ErrorToStatus(2013, "");
  EXPECT_EQ(RetryIfDuplicate(lost), lost);
}

}  // namespace
}  // namespace kith::mysql
