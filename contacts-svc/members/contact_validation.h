#ifndef KITH_CONTACTS_SVC_MEMBERS_CONTACT_VALIDATION_H_
#define KITH_CONTACTS_SVC_MEMBERS_CONTACT_VALIDATION_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// Validate checks a request against the limits that its proto documents.
// Returns OK, or INVALID_ARGUMENT with all faults.
absl::Status Validate(const v1::GetContactRequest& request);
absl::Status Validate(const v1::BatchGetContactsRequest& request);
absl::Status Validate(const v1::BatchEnsureContactsRequest& request);
absl::Status Validate(const v1::ListContactsRequest& request);
absl::Status Validate(const v1::DeleteContactRequest& request);
absl::Status Validate(const v1::UndeleteContactRequest& request);

// The same for requests with the time of an attribution.
absl::Status Validate(const v1::CreateContactRequest& request, absl::Time now);
absl::Status Validate(const v1::EnsureContactRequest& request, absl::Time now);
absl::Status Validate(const v1::UpdateContactRequest& request, absl::Time now);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_MEMBERS_CONTACT_VALIDATION_H_
