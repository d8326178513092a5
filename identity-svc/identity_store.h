#ifndef KITH_IDENTITY_SVC_IDENTITY_STORE_H_
#define KITH_IDENTITY_SVC_IDENTITY_STORE_H_

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "common/mysql/session.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Changes which contact holds which value, in the tables of schema/. Takes
// validated requests; returns the errors of the RPC of the same name.
// Stateless: uses the session of the calling thread.
//
// A transaction that changes a value's holder locks the value's row in
// `identities` first; it locks several rows in the order of their keys.
class IdentityStore {
 public:
  // `clock` must outlive the store.
  explicit IdentityStore(const base::Clock& clock) : clock_(clock) {}

  absl::StatusOr<v1::ClaimIdentitiesResponse> Claim(
      const base::RequestContext& context, mysql::Session& session,
      const v1::ClaimIdentitiesRequest& request) const;

  absl::StatusOr<v1::LinkIdentityResponse> Link(
      const base::RequestContext& context, mysql::Session& session,
      const v1::LinkIdentityRequest& request) const;

  absl::StatusOr<v1::UnlinkIdentityResponse> Unlink(
      const base::RequestContext& context, mysql::Session& session,
      const v1::UnlinkIdentityRequest& request) const;

 private:
  const base::Clock& clock_;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_STORE_H_
