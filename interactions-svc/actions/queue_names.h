#ifndef KITH_INTERACTIONS_SVC_ACTIONS_QUEUE_NAMES_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_QUEUE_NAMES_H_

#include "absl/status/status.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::interactions {

// Check the names of queues in a request, which are well-formed: OK, or
// INVALID_ARGUMENT that lists the queues of the tenant.

// Of what puts actions into a queue: one that the tenant's settings name, else
// nobody would work on it.
absl::Status CheckQueueNames(const mysql::Tx& tx,
                             const v1::CreateActionRequest& request);
absl::Status CheckQueueNames(const mysql::Tx& tx,
                             const v1::CompleteActionsRequest& request);
absl::Status CheckQueueNames(const mysql::Tx& tx,
                             const v1::ReassignActionsRequest& request);

// Of what reads queues: such a one, or one that has somebody still, as the
// settings named it before. Costs two index seeks for each of the latter, and
// none for the others.
absl::Status CheckQueueNames(const mysql::Tx& tx,
                             const v1::LeaseNextActionsRequest& request);
absl::Status CheckQueueNames(const mysql::Tx& tx,
                             const v1::ListQueuedActionsRequest& request);
absl::Status CheckQueueNames(const mysql::Tx& tx,
                             const v1::CountWaitingActionsRequest& request);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_QUEUE_NAMES_H_
