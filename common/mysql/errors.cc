#include "common/mysql/errors.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace kith::mysql {
namespace {

constexpr int kDeadlock = 1213;
constexpr int kLockWaitTimeout = 1205;
constexpr int kNoWait = 3572;  // NOWAIT of MySQL; MariaDB has 1205
constexpr absl::string_view kErrnoUrl = "kith.mysql/errno";
constexpr absl::string_view kCauseUrl = "kith.mysql/cause";

// Numbers from MariaDB's mysqld_error.h and errmsg.h; MySQL uses the same,
// save where noted.
absl::StatusCode Code(int error_number) {
  switch (error_number) {
    case 1062:  // duplicate key
      return absl::StatusCode::kAlreadyExists;
    case 1020:  // changed under snapshot isolation
    case kLockWaitTimeout:
    case kNoWait:
    case kDeadlock:
      return absl::StatusCode::kAborted;
    case 1317:  // interrupted by KILL QUERY
    case 1969:  // max_statement_time
    case 3024:  // max_execution_time (MySQL)
      return absl::StatusCode::kDeadlineExceeded;
    case 1040:  // too many connections
    case 1053:  // server shutdown
    case 1158:  // network errors
    case 1159:
    case 1160:
    case 1161:
    case 1203:  // too many connections of this user
    case 1290:  // read only, as during a fail-over
    case 1836:
    case 1927:  // connection killed
    case 2002:  // cannot connect
    case 2003:
    case 2005:
    case 2006:  // server has gone away
    case 2013:  // lost connection during query
    case 2026:  // TLS
    case 2055:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kInternal;
  }
}

absl::string_view Shown(int error_number, absl::string_view message) {
  switch (error_number) {
    case 1062:
      return "duplicate key";
    case 1317:
    case 1969:
    case 3024:
      return "the statement took too long";
    case 1292:
    case 1366:
      return "incorrect value for a column";
    default:
      return message;
  }
}

}  // namespace

absl::Status ErrorToStatus(int error_number, absl::string_view message) {
  const absl::StatusCode code = Code(error_number);
  std::string text = code == absl::StatusCode::kUnavailable
                         ? "the database cannot be reached; try again"
                     : code == absl::StatusCode::kAborted
                         ? "another request was faster; try again"
                         : absl::StrCat("database error ", error_number, ": ",
                                        Shown(error_number, message));
  absl::Status status(code, text);
  status.SetPayload(kErrnoUrl, absl::Cord(absl::StrCat(error_number)));
  if (code == absl::StatusCode::kUnavailable) {
    status.SetPayload(kCauseUrl, absl::Cord(message));
  }
  return status;
}

absl::Status WithCause(const absl::Status& status) {
  const auto cause = status.GetPayload(kCauseUrl);
  if (!cause.has_value()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(status.message(), ": ", std::string(*cause),
                                   " (", Errno(status), ")"));
}

int Errno(const absl::Status& status) {
  const auto payload = status.GetPayload(kErrnoUrl);
  int number = 0;
  if (!payload.has_value() ||
      !absl::SimpleAtoi(std::string(*payload), &number)) {
    return 0;
  }
  return number;
}

bool IsDuplicateKey(const absl::Status& status) {
  return Errno(status) == 1062;
}

absl::Status LostRaceError() { return ErrorToStatus(kDeadlock, ""); }

absl::Status RetryIfDuplicate(const absl::Status& status) {
  return IsDuplicateKey(status) ? LostRaceError() : status;
}

bool IsLostRace(const absl::Status& status) {
  return status.code() == absl::StatusCode::kAborted && Errno(status) != 0;
}

bool IsLockTimeout(const absl::Status& status) {
  const int number = Errno(status);
  return number == kLockWaitTimeout || number == kNoWait;
}

bool IsConnectionLost(const absl::Status& status) {
  switch (Errno(status)) {
    case 1053:
    case 1158:
    case 1159:
    case 1160:
    case 1161:
    case 1927:
    case 2006:
    case 2013:
    case 2055:
      return true;
    default:
      return false;
  }
}

}  // namespace kith::mysql
