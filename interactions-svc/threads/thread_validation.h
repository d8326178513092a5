#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_VALIDATION_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_VALIDATION_H_

#include "absl/status/status.h"
#include "kith/interactions/v1/thread.pb.h"

namespace kith::interactions {

// Validate checks a request against the limits that its proto documents.
// Returns OK, or INVALID_ARGUMENT with all faults. The sets of a
// ListThreadsRequest are checked as those of other lists.
absl::Status Validate(const v1::CreateThreadRequest& request);
absl::Status Validate(const v1::UpdateThreadRequest& request);
absl::Status Validate(const v1::SplitThreadRequest& request);
absl::Status Validate(const v1::JoinThreadsRequest& request);
absl::Status Validate(const v1::UndoThreadChangeRequest& request);
absl::Status Validate(const v1::GetThreadRequest& request);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_VALIDATION_H_
