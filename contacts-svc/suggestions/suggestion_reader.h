#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_READER_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "contacts-svc/suggestions/suggestion_row.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// A place in a list of suggestions: a row.
struct SuggestionPlace {
  base::Uuid contact;
  base::Uuid other;
};

struct SuggestionQuery {
  // At whose group; the whole tenant's where there is none.
  std::optional<base::Uuid> contact;
  v1::SuggestionState state = v1::SUGGESTION_STATE_OPEN;
  std::optional<SuggestionPlace> after;
  int32_t limit = 0;
};

struct SuggestionPage {
  std::vector<v1::Suggestion> suggestions;
  // Where the next page begins behind; nullopt on the last.
  std::optional<SuggestionPlace> last;
  std::vector<v1::MatchRule> too_common;
};

// Reads a page on one snapshot, of at most 500 rows. NOT_FOUND where there is
// no such contact.
absl::StatusOr<SuggestionPage> ReadSuggestions(mysql::Session& session,
                                               uint64_t tenant_id,
                                               const SuggestionQuery& query);

// Reads one, which is there, as its lower id has it.
absl::StatusOr<v1::Suggestion> ReadSuggestion(mysql::Session& session,
                                              uint64_t tenant_id,
                                              const Pair& pair);

// The place as text, and back; nullopt where it is none.
std::string WritePlace(const SuggestionPlace& place);
std::optional<SuggestionPlace> ReadSuggestionPlace(absl::string_view text);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_READER_H_
