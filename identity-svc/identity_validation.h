#ifndef KITH_IDENTITY_SVC_IDENTITY_VALIDATION_H_
#define KITH_IDENTITY_SVC_IDENTITY_VALIDATION_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Validate checks a request against the limits that its proto documents.
// Returns OK, or INVALID_ARGUMENT with all faults.
absl::Status Validate(const v1::ClaimIdentitiesRequest& request,
                      absl::Time now);
absl::Status Validate(const v1::BatchClaimIdentitiesRequest& request);
absl::Status Validate(const v1::ResolveIdentityRequest& request);
absl::Status Validate(const v1::BatchResolveIdentitiesRequest& request);
absl::Status Validate(const v1::ReadValueRequest& request);
absl::Status Validate(const v1::ListIdentitiesRequest& request);
absl::Status Validate(const v1::LinkIdentityRequest& request, absl::Time now);
absl::Status Validate(const v1::UnlinkIdentityRequest& request, absl::Time now);
absl::Status Validate(const v1::MoveIdentityRequest& request, absl::Time now);
absl::Status Validate(const v1::VerifyHoldingRequest& request, absl::Time now);
absl::Status Validate(const v1::ShareIdentityRequest& request, absl::Time now);
absl::Status Validate(const v1::UnshareIdentityRequest& request,
                      absl::Time now);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_VALIDATION_H_
