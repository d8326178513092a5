#ifndef KITH_IDENTITY_SVC_MOVES_INTERACTION_MOVE_STORE_H_
#define KITH_IDENTITY_SVC_MOVES_INTERACTION_MOVE_STORE_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// The table `moves`. Takes validated requests; returns the errors of the RPC of
// the same name. Stateless.
class InteractionMoveStore {
 public:
  absl::StatusOr<v1::InteractionMove> Advance(
      const mysql::Tx& tx,
      const v1::AdvanceInteractionMoveRequest& request) const;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_MOVES_INTERACTION_MOVE_STORE_H_
