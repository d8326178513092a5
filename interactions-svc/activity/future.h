#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_FUTURE_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_FUTURE_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/summary.pb.h"

namespace kith::interactions {

// A stored summary has all interactions of its contact, also those that occur
// within the next day. A summary that is answered has those that have occurred:
// the reader takes the others away, so that no write is needed when their time
// comes. Few contacts have any.

// Returns true if an interaction of the stored summary occurs after `now`.
bool HasFuture(const v1::ActivitySummary& stored, absl::Time now);

// Takes away from a contact's stored summary what occurs after tx.now. Must see
// the same state of the database as the statement that read the summary.
absl::Status RemoveFuture(const mysql::Tx& tx, const base::Uuid& contact_id,
                          v1::ActivitySummary& stored);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_FUTURE_H_
