#ifndef KITH_COMMON_MYSQL_TRANSACTION_H_
#define KITH_COMMON_MYSQL_TRANSACTION_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"
#include "common/mysql/tx.h"

namespace kith::mysql {

// Runs `work` in one transaction. Commits if `work` returns OK; else rolls back
// and returns the status of `work`.
//
// Transact runs `work` again, up to 4 times and until `deadline`, after:
//
// - a deadlock, a lock wait that timed out, or LostRaceError(),
// - a lost connection, also one that was lost at COMMIT, when nobody knows if
//   the transaction was committed.
//
// So `work` must be repeatable. It finds what an earlier run has committed by a
// unique key (request_id, external id, contact id), and then returns the same
// result. `work` must set anew, on each run, whatever it leaves outside of the
// database.
//
// UNKNOWN if it stays open whether a COMMIT took place, because the database
// could not be reached again in time.
absl::Status Transact(Session& session, absl::Time deadline,
                      absl::FunctionRef<absl::Status()> work);

// The same until the deadline of the call.
absl::Status Transact(const Tx& tx, absl::FunctionRef<absl::Status()> work);

// Runs `work`, which only reads, on one snapshot of the database: all its
// statements see what was committed when the first one ran. They take no locks.
// `work` runs once. If the connection is lost, its status is returned and
// `work` is not repeated.
absl::Status ReadSnapshot(Session& session,
                          absl::FunctionRef<absl::Status()> work);

// Creates the metrics of transactions, so that they can be scraped from the
// start.
void RegisterTransactionMetrics();

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_TRANSACTION_H_
