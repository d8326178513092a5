#ifndef KITH_INTERACTIONS_SVC_ACTION_VALIDATION_H_
#define KITH_INTERACTIONS_SVC_ACTION_VALIDATION_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::interactions {

// Validate checks a request, in which `agent` is set where the caller is a
// person, against the limits that its proto documents. Returns OK, or
// INVALID_ARGUMENT with all faults.
absl::Status Validate(const v1::CreateActionRequest& request, absl::Time now);
absl::Status Validate(const v1::LeaseNextActionsRequest& request,
                      absl::Time now);
absl::Status Validate(const v1::LeaseActionsRequest& request, absl::Time now);
absl::Status Validate(const v1::ReleaseActionsRequest& request, absl::Time now);
absl::Status Validate(const v1::CompleteActionsRequest& request,
                      absl::Time now);
absl::Status Validate(const v1::DismissActionsRequest& request, absl::Time now);
absl::Status Validate(const v1::SnoozeActionsRequest& request, absl::Time now);
absl::Status Validate(const v1::ReassignActionsRequest& request,
                      absl::Time now);
absl::Status Validate(const v1::ListQueuedActionsRequest& request,
                      absl::Time now);
absl::Status Validate(const v1::CountWaitingActionsRequest& request,
                      absl::Time now);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTION_VALIDATION_H_
