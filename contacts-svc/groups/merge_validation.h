#ifndef KITH_CONTACTS_SVC_GROUPS_MERGE_VALIDATION_H_
#define KITH_CONTACTS_SVC_GROUPS_MERGE_VALIDATION_H_

#include "absl/status/status.h"
#include "kith/config/v1/config.pb.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Each checks a request against the limits that its proto documents, and
// returns OK, or INVALID_ARGUMENT with all that is wrong.
absl::Status Validate(const v1::MergeRequest& request);
absl::Status Validate(const v1::UnmergeRequest& request);
absl::Status Validate(const v1::UnmergeByCauseRequest& request);
absl::Status Validate(const v1::ListMergeHistoryRequest& request);

// PERMISSION_DENIED for an UNAUTHENTICATED key: what anybody may send in never
// joins or parts customers.
absl::Status CheckMayMerge(config::v1::Assurance assurance);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_MERGE_VALIDATION_H_
