#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_ERRORS_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kith::contacts {

// Errors of the rules of suggestions: FAILED_PRECONDITION with an ErrorInfo
// whose reason docs/errors.md explains.

// SUGGESTION_DECIDED: the suggestion is not open. `how` describes its state.
absl::Status SuggestionDecidedError(absl::string_view how);

// SUGGESTION_OUTDATED: no rule matches the two contacts any more.
absl::Status SuggestionOutdatedError();

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_ERRORS_H_
