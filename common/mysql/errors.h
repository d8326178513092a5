#ifndef KITH_COMMON_MYSQL_ERRORS_H_
#define KITH_COMMON_MYSQL_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kith::mysql {

// The one table from MySQL and MariaDB error numbers to codes. The number
// stays with the status (Errno). A message that may quote a row's values is
// left out.
absl::Status ErrorToStatus(int error_number, absl::string_view message);

// For the log: `status`, and where the database cannot be reached, why, in the
// driver's words, which callers do not get to see.
absl::Status WithCause(const absl::Status& status);

// The database's error number behind a status; 0 where there is none.
int Errno(const absl::Status& status);

// A key was there already (1062).
bool IsDuplicateKey(const absl::Status& status);

// For a transaction that finds it has lost a race by what it reads: Transact
// runs it again.
absl::Status LostRace();

// `status`, but LostRace() for a duplicate key: for a row that another
// transaction may have added after this one looked.
absl::Status RetryIfDuplicate(const absl::Status& status);

// The transaction lost against another and was, or must be, rolled back.
bool IsLostRace(const absl::Status& status);

// The session is gone.
bool IsConnectionLost(const absl::Status& status);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_ERRORS_H_
