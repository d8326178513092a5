#ifndef KITH_INTERACTIONS_SVC_QUEUE_LIST_H_
#define KITH_INTERACTIONS_SVC_QUEUE_LIST_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::interactions {

// Returns a page of ListQueuedActions, of a validated request. INVALID_ARGUMENT
// for a bad page_token. Leases nothing, and takes no lock. Reads at most two
// index ranges for each place of a queue that is listed, each with as many rows
// as the page has contacts, then the contacts of the page by key.
absl::StatusOr<v1::ListQueuedActionsResponse> ListQueued(
    const mysql::Tx& tx, const v1::ListQueuedActionsRequest& request);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_QUEUE_LIST_H_
