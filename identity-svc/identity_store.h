#ifndef KITH_IDENTITY_SVC_IDENTITY_STORE_H_
#define KITH_IDENTITY_SVC_IDENTITY_STORE_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Gives the values of touches to contacts, in the tables of schema/. Takes
// validated requests; returns the errors of the RPC of the same name.
// Stateless.
//
// A transaction that changes a value's holder locks the value's row in
// `identities` first; it locks several rows in the order of their keys.
class IdentityStore {
 public:
  absl::StatusOr<v1::ClaimIdentitiesResponse> Claim(
      const mysql::Tx& tx, const v1::ClaimIdentitiesRequest& request) const;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_STORE_H_
