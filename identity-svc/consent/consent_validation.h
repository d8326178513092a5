#ifndef KITH_IDENTITY_SVC_CONSENT_CONSENT_VALIDATION_H_
#define KITH_IDENTITY_SVC_CONSENT_CONSENT_VALIDATION_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::identity {

// Validate checks a request against the limits that its proto documents.
// Returns OK, or INVALID_ARGUMENT with all faults.
absl::Status Validate(const v1::RecordConsentRequest& request, absl::Time now);
absl::Status Validate(const v1::ListConsentsRequest& request);
absl::Status Validate(const v1::MayContactRequest& request);
absl::Status Validate(const v1::BatchMayContactRequest& request);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_CONSENT_VALIDATION_H_
