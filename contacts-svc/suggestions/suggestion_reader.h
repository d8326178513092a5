#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_READER_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_READER_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "contacts-svc/suggestions/suggestion_row.h"
#include "kith/contacts/v1/suggestion.pb.h"

namespace kith::contacts {

// Returns a page of suggestions, read on one snapshot of at most 500 rows.
// NOT_FOUND if there is no such contact. Takes a request that has been
// validated.
absl::StatusOr<v1::ListSuggestionsResponse> ReadSuggestions(
    const mysql::Tx& tx, const v1::ListSuggestionsRequest& request);

// Returns one suggestion, which must exist, under its lower id.
absl::StatusOr<v1::Suggestion> ReadSuggestion(const mysql::Tx& tx,
                                              const Pair& pair);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_READER_H_
