#ifndef KITH_CONTACTS_SVC_CONTACT_VALIDATION_H_
#define KITH_CONTACTS_SVC_CONTACT_VALIDATION_H_

#include "absl/status/status.h"
#include "kith/config/v1/config.pb.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Checks a request against the limits that its proto documents. Each answers
// OK, or INVALID_ARGUMENT with all that is wrong.
absl::Status Validate(const v1::CreateContactRequest& request);
absl::Status Validate(const v1::GetContactRequest& request);
absl::Status Validate(const v1::BatchGetContactsRequest& request);
absl::Status Validate(const v1::EnsureContactRequest& request);
absl::Status Validate(const v1::BatchEnsureContactsRequest& request);
absl::Status Validate(const v1::UpdateContactRequest& request);
absl::Status Validate(const v1::ListContactsRequest& request);
absl::Status Validate(const v1::DeleteContactRequest& request);
absl::Status Validate(const v1::UndeleteContactRequest& request);
absl::Status Validate(const v1::ListSuggestionsRequest& request);
absl::Status Validate(const v1::ConfirmSuggestionRequest& request);
absl::Status Validate(const v1::RejectSuggestionRequest& request);
absl::Status Validate(const v1::MergeRequest& request);
absl::Status Validate(const v1::UnmergeRequest& request);
absl::Status Validate(const v1::UnmergeByCauseRequest& request);
absl::Status Validate(const v1::ListMergeHistoryRequest& request);

// PERMISSION_DENIED for an UNAUTHENTICATED key: what anybody may send in never
// joins or parts customers.
absl::Status CheckMayMerge(config::v1::Assurance assurance);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_CONTACT_VALIDATION_H_
