#ifndef KITH_INTERACTIONS_SVC_WORKLIST_H_
#define KITH_INTERACTIONS_SVC_WORKLIST_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::interactions {

// Gives out contacts with open actions by leases, one transaction for each
// contact. Takes validated requests, in which `agent` is set; returns the
// errors of the RPC of the same name. Stateless.
//
// A lease is in the row of the contact's summary, under whose lock everything
// of the contact changes. While a contact is leased, its places in the queues
// begin with the end of the lease: who reads a queue does not meet it, and when
// the lease has ended it is there again by itself.
class Worklist {
 public:
  absl::StatusOr<v1::LeaseNextActionsResponse> LeaseNext(
      const mysql::Tx& tx, const v1::LeaseNextActionsRequest& request) const;

  absl::StatusOr<v1::LeaseActionsResponse> Lease(
      const mysql::Tx& tx, const v1::LeaseActionsRequest& request) const;

  absl::StatusOr<v1::ReleaseActionsResponse> Release(
      const mysql::Tx& tx, const v1::ReleaseActionsRequest& request) const;

  absl::StatusOr<v1::CountWaitingActionsResponse> Count(
      const mysql::Tx& tx, const v1::CountWaitingActionsRequest& request) const;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_WORKLIST_H_
