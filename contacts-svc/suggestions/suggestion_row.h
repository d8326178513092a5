#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_ROW_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_ROW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Suggestions, in `suggestions`, which has a row of each under either contact.

// Two contacts, the lower id first.
struct Pair {
  Pair(const base::Uuid& a, const base::Uuid& b)
      : lower(a < b ? a : b), higher(a < b ? b : a) {}

  // The suggestion_id.
  std::string ToString() const;
  static std::optional<Pair> Parse(absl::string_view suggestion_id);

  base::Uuid lower;
  base::Uuid higher;
};

struct SuggestionRow {
  // Under whom it stands.
  base::Uuid contact;
  base::Uuid other;
  v1::SuggestionState state = v1::SUGGESTION_STATE_OPEN;
  // Of a decided one: decision, and evidence with the fields of the lower id as
  // `fields`.
  v1::Suggestion details;
  int64_t create_micros = 0;

  Pair pair() const { return Pair(contact, other); }
};

// Opens a suggestion for a contact with each of `others`, but where there is or
// was one, or where a person has said that the two are not the same.
absl::Status AddSuggestions(mysql::Session& session, uint64_t tenant_id,
                            const base::Uuid& contact,
                            const std::vector<base::Uuid>& others,
                            absl::Time now);

// The row under the lower id; nullopt where there is none.
absl::StatusOr<std::optional<SuggestionRow>> SelectSuggestion(
    mysql::Session& session, uint64_t tenant_id, const Pair& pair);

// Writes the state and details of a suggestion to both of its rows.
absl::Status WriteSuggestion(mysql::Session& session, uint64_t tenant_id,
                             const SuggestionRow& row);

// These answer at most 500 rows, by contact and other.
absl::StatusOr<std::vector<SuggestionRow>> SelectSuggestionsAfter(
    mysql::Session& session, uint64_t tenant_id, const base::Uuid& contact,
    const base::Uuid& after);
absl::StatusOr<std::vector<SuggestionRow>> SelectSuggestionsOf(
    mysql::Session& session, uint64_t tenant_id,
    const std::vector<base::Uuid>& contacts);
absl::StatusOr<std::vector<SuggestionRow>> SelectSuggestionsBehind(
    mysql::Session& session, uint64_t tenant_id, const base::Uuid& contact);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_ROW_H_
