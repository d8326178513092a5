#ifndef KITH_IDENTITY_SVC_QUARANTINE_QUARANTINE_VALIDATION_H_
#define KITH_IDENTITY_SVC_QUARANTINE_QUARANTINE_VALIDATION_H_

#include "absl/status/status.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Checks a request against the limits that its proto documents. Returns OK, or
// INVALID_ARGUMENT with all faults.
absl::Status Validate(const v1::QuarantineIdentityRequest& request);
absl::Status Validate(const v1::ReleaseIdentityRequest& request);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_QUARANTINE_QUARANTINE_VALIDATION_H_
