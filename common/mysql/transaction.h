#ifndef KITH_COMMON_MYSQL_TRANSACTION_H_
#define KITH_COMMON_MYSQL_TRANSACTION_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"

namespace kith::mysql {

// Runs `work` in one transaction: commits where it answers OK, rolls back
// otherwise and answers its status.
//
// `work` runs again, up to 4 times and until `deadline`, after a deadlock or a
// lock wait that ran out, after a connection lost on the way, and after one
// lost at COMMIT, when nobody can say whether it took place. So `work` must be
// repeatable: it finds what an earlier run has committed by a unique key
// (request_id, external id, contact id) and answers the same. What `work`
// leaves outside of the database it sets anew on each run.
//
// UNKNOWN where a COMMIT stays unresolved because the database cannot be
// reached again in time.
absl::Status Transact(Session& session, absl::Time deadline,
                      absl::FunctionRef<absl::Status()> work);

// Runs `work`, which only reads, on one snapshot of the database: its
// statements see what was committed when the first of them ran, and take no
// lock. Runs it once; what it reads of a connection that was lost is lost.
absl::Status ReadSnapshot(Session& session,
                          absl::FunctionRef<absl::Status()> work);

// Makes the metrics of transactions, so that they can be scraped from the
// start.
void RegisterTransactionMetrics();

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_TRANSACTION_H_
