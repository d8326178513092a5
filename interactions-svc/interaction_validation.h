#ifndef KITH_INTERACTIONS_SVC_INTERACTION_VALIDATION_H_
#define KITH_INTERACTIONS_SVC_INTERACTION_VALIDATION_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::interactions {

// Checks a request against the limits that its proto documents. Each answers
// OK, or INVALID_ARGUMENT with all that is wrong.
absl::Status Validate(const v1::RecordInteractionRequest& request,
                      absl::Time now);
absl::Status Validate(const v1::LookupRequestRequest& request, absl::Time now);
absl::Status Validate(const v1::BatchRecordInteractionsRequest& request);
absl::Status Validate(const v1::BatchLookupRequestsRequest& request);
absl::Status Validate(const v1::ListInteractionsRequest& request);
absl::Status Validate(const v1::BatchGetActivityRequest& request);

// PERMISSION_DENIED where the interaction names a source and the caller cannot
// be trusted to speak for one.
absl::Status CheckSource(const v1::Interaction& interaction,
                         config::v1::Assurance assurance);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_INTERACTION_VALIDATION_H_
