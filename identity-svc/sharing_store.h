#ifndef KITH_IDENTITY_SVC_SHARING_STORE_H_
#define KITH_IDENTITY_SVC_SHARING_STORE_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Begins, changes and ends that several people share a value, in the tables of
// schema/. Takes validated requests; returns the errors of the RPC of the same
// name. Stateless.
//
// Works under the lock of the value's row, as HoldingStore does.
class SharingStore {
 public:
  absl::StatusOr<v1::ShareIdentityResponse> Share(
      const mysql::Tx& tx, const v1::ShareIdentityRequest& request) const;

  absl::StatusOr<v1::UnshareIdentityResponse> Unshare(
      const mysql::Tx& tx, const v1::UnshareIdentityRequest& request) const;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_SHARING_STORE_H_
