#ifndef KITH_COMMON_MYSQL_ERRORS_H_
#define KITH_COMMON_MYSQL_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kith::mysql {

// Converts an error number of MySQL or MariaDB to a status. This is the only
// place that maps numbers to codes. The number stays with the status and can be
// read with Errno. The text leaves out messages of the server that may quote
// the values of a row.
absl::Status ErrorToStatus(int error_number, absl::string_view message);

// For the log: returns `status` with the driver's own message and the error
// number appended if the database could not be reached. Callers of the service
// do not get to see that message. Returns any other status unchanged.
absl::Status WithCause(const absl::Status& status);

// Returns the error number of the database behind a status, or 0 if there is
// none.
int Errno(const absl::Status& status);

// True if the statement failed because a key exists already (error 1062).
bool IsDuplicateKey(const absl::Status& status);

// Returns the ABORTED status with which a transaction reports that it lost a
// race, if it found out by what it read. Transact runs the transaction again.
absl::Status LostRaceError();

// Returns LostRaceError() if `status` is a duplicate key, else `status`. For a
// row that another transaction may have added after this one looked for the
// row.
absl::Status RetryIfDuplicate(const absl::Status& status);

// True if the transaction lost against another one and was rolled back, or must
// be.
bool IsLostRace(const absl::Status& status);

// True if a lock was not to be had in time, or with NOWAIT at once.
bool IsLockTimeout(const absl::Status& status);

// True if the connection to the database was lost.
bool IsConnectionLost(const absl::Status& status);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_ERRORS_H_
