#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_VALIDATION_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_VALIDATION_H_

#include "absl/status/status.h"
#include "kith/contacts/v1/suggestion.pb.h"

namespace kith::contacts {

// Validate checks a request against the limits that its proto documents.
// Returns OK, or INVALID_ARGUMENT with all faults.
absl::Status Validate(const v1::ListSuggestionsRequest& request);
absl::Status Validate(const v1::ConfirmSuggestionRequest& request);
absl::Status Validate(const v1::RejectSuggestionRequest& request);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_VALIDATION_H_
