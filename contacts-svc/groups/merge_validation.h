#ifndef KITH_CONTACTS_SVC_GROUPS_MERGE_VALIDATION_H_
#define KITH_CONTACTS_SVC_GROUPS_MERGE_VALIDATION_H_

#include "absl/status/status.h"
#include "kith/config/v1/config.pb.h"
#include "kith/contacts/v1/group.pb.h"

namespace kith::contacts {

// Validate checks a request against the limits that its proto documents.
// Returns OK, or INVALID_ARGUMENT with all faults.
absl::Status Validate(const v1::MergeContactsRequest& request);
absl::Status Validate(const v1::UnmergeContactsRequest& request);
absl::Status Validate(const v1::UndoMergesRequest& request);
absl::Status Validate(const v1::ListMergeHistoryRequest& request);

// PERMISSION_DENIED if the API key's assurance is UNAUTHENTICATED: input that
// anybody may send never merges or unmerges customers.
absl::Status CheckMayMerge(config::v1::Assurance assurance);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_MERGE_VALIDATION_H_
