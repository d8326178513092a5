#ifndef KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_VALIDATION_H_
#define KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_VALIDATION_H_

#include "absl/status/status.h"
#include "kith/interactions/v1/journal.pb.h"

namespace kith::interactions {

// Check a request against the limits that its proto documents. Return OK, or
// INVALID_ARGUMENT with all faults.
absl::Status Validate(const v1::RecordEntryRequest& request);
absl::Status Validate(const v1::LeaseEntriesRequest& request);
absl::Status Validate(const v1::SettleEntryRequest& request);
absl::Status Validate(const v1::GetEntryRequest& request);
absl::Status Validate(const v1::ListEntriesRequest& request);
absl::Status Validate(const v1::ReplayEntriesRequest& request);
absl::Status Validate(const v1::DiscardEntryRequest& request);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_VALIDATION_H_
