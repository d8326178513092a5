#ifndef KITH_IDENTITY_SVC_IDENTITY_STORE_H_
#define KITH_IDENTITY_SVC_IDENTITY_STORE_H_

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "common/mysql/session.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Changes who holds which value, in the tables of schema/. Takes requests that
// have been validated; answers with the codes of the RPC of the same name.
// Stateless: what it works on is the session of the calling thread.
//
// Whoever changes a value's holder has locked the value's row in `identities`;
// several rows are locked in the order of their keys.
class IdentityStore {
 public:
  // `clock` outlives the store.
  explicit IdentityStore(const base::Clock& clock) : clock_(clock) {}

  absl::StatusOr<v1::ClaimResponse> Claim(
      const base::RequestContext& context, mysql::Session& session,
      const v1::ClaimRequest& request) const;

  absl::StatusOr<v1::Identity> Link(
      const base::RequestContext& context, mysql::Session& session,
      const v1::LinkIdentityRequest& request) const;

  absl::StatusOr<v1::Identity> Unlink(
      const base::RequestContext& context, mysql::Session& session,
      const v1::UnlinkIdentityRequest& request) const;

 private:
  const base::Clock& clock_;
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_STORE_H_
