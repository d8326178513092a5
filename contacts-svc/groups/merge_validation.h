#ifndef KITH_CONTACTS_SVC_GROUPS_MERGE_VALIDATION_H_
#define KITH_CONTACTS_SVC_GROUPS_MERGE_VALIDATION_H_

#include "absl/status/status.h"
#include "kith/contacts/v1/group.pb.h"

namespace kith::contacts {

// Validate checks a request against the limits that its proto documents.
// Returns OK, or INVALID_ARGUMENT with all faults.
absl::Status Validate(const v1::MergeContactsRequest& request);
absl::Status Validate(const v1::UnmergeContactsRequest& request);
absl::Status Validate(const v1::UndoMergesRequest& request);
absl::Status Validate(const v1::ListMergeHistoryRequest& request);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_MERGE_VALIDATION_H_
