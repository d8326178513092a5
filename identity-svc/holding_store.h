#ifndef KITH_IDENTITY_SVC_HOLDING_STORE_H_
#define KITH_IDENTITY_SVC_HOLDING_STORE_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Changes the holding of one value by a contact that the request names, in the
// tables of schema/. Takes validated requests; returns the errors of the RPC of
// the same name. Stateless.
//
// Each works under the lock of the value's row in `identities`, so that racing
// requests, claims too, take effect one after the other.
class HoldingStore {
 public:
  absl::StatusOr<v1::LinkIdentityResponse> Link(
      const mysql::Tx& tx, const v1::LinkIdentityRequest& request) const;

  absl::StatusOr<v1::UnlinkIdentityResponse> Unlink(
      const mysql::Tx& tx, const v1::UnlinkIdentityRequest& request) const;

  absl::StatusOr<v1::MoveIdentityResponse> Move(
      const mysql::Tx& tx, const v1::MoveIdentityRequest& request) const;

  absl::StatusOr<v1::VerifyHoldingResponse> Verify(
      const mysql::Tx& tx, const v1::VerifyHoldingRequest& request) const;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_HOLDING_STORE_H_
