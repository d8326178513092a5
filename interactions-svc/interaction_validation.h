#ifndef KITH_INTERACTIONS_SVC_INTERACTION_VALIDATION_H_
#define KITH_INTERACTIONS_SVC_INTERACTION_VALIDATION_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "kith/interactions/v1/action.pb.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/interactions/v1/summary.pb.h"
#include "kith/interactions/v1/thread.pb.h"

namespace kith::interactions {

// Validate checks a request against the limits that its proto documents.
// Returns OK, or INVALID_ARGUMENT with all faults.
absl::Status Validate(const v1::RecordInteractionRequest& request,
                      absl::Time now);
absl::Status Validate(const v1::FindRecordingRequest& request, absl::Time now);
absl::Status Validate(const v1::BatchRecordInteractionsRequest& request);
absl::Status Validate(const v1::BatchFindRecordingsRequest& request);
absl::Status Validate(const v1::ListInteractionsRequest& request);
absl::Status Validate(const v1::ReassignInteractionsRequest& request);
absl::Status Validate(const v1::BatchGetActivityRequest& request);
absl::Status Validate(const v1::ListThreadsRequest& request);
absl::Status Validate(const v1::ListActionsRequest& request);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_INTERACTION_VALIDATION_H_
