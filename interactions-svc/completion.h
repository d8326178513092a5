#ifndef KITH_INTERACTIONS_SVC_COMPLETION_H_
#define KITH_INTERACTIONS_SVC_COMPLETION_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::interactions {

// Carries out a valid request whose `agent` is set, in one transaction: checks
// that the agent has seen the threads as they are, records the interaction,
// moves the threads, ends the actions and opens those that follow. Returns the
// errors of the RPC.
absl::StatusOr<v1::CompleteActionsResponse> CompleteActions(
    const mysql::Tx& tx, const v1::CompleteActionsRequest& request);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_COMPLETION_H_
