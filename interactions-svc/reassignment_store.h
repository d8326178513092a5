#ifndef KITH_INTERACTIONS_SVC_REASSIGNMENT_STORE_H_
#define KITH_INTERACTIONS_SVC_REASSIGNMENT_STORE_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// Moves interactions from one contact to another, with all that follows from
// them, in one transaction under the locks of the summaries of both. Takes
// validated requests; returns the errors of the RPC of the same name.
// Stateless.
class ReassignmentStore {
 public:
  absl::StatusOr<v1::ReassignInteractionsResponse> Reassign(
      const mysql::Tx& tx,
      const v1::ReassignInteractionsRequest& request) const;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_REASSIGNMENT_STORE_H_
