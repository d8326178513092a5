#ifndef KITH_IDENTITY_SVC_IDENTITY_VALIDATION_H_
#define KITH_IDENTITY_SVC_IDENTITY_VALIDATION_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Checks a request against the limits that its proto documents. Each answers
// OK, or INVALID_ARGUMENT with all that is wrong.
absl::Status Validate(const v1::ClaimRequest& request, absl::Time now);
absl::Status Validate(const v1::BatchClaimRequest& request);
absl::Status Validate(const v1::ResolveRequest& request);
absl::Status Validate(const v1::BatchResolveRequest& request);
absl::Status Validate(const v1::ListIdentitiesRequest& request);
absl::Status Validate(const v1::LinkIdentityRequest& request);
absl::Status Validate(const v1::UnlinkIdentityRequest& request);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_VALIDATION_H_
