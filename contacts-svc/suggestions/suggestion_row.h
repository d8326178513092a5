#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_ROW_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_ROW_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "kith/contacts/v1/suggestion.pb.h"

namespace kith::contacts {

// The table `suggestions`. Each suggestion has two rows, one for each contact.

// Two different contacts, the lower id first.
struct Pair {
  Pair(const base::Uuid& a, const base::Uuid& b)
      : lower(a < b ? a : b), higher(a < b ? b : a) {}

  // Returns the suggestion_id of the pair.
  std::string ToString() const;
  // Returns the pair of a suggestion_id; nullopt if the text is none.
  static std::optional<Pair> Parse(absl::string_view suggestion_id);

  base::Uuid lower;
  base::Uuid higher;
};

struct SuggestionRow {
  // The contact whose row this is.
  base::Uuid contact;
  base::Uuid other;
  v1::SuggestionState state = v1::SUGGESTION_STATE_OPEN;
  // If decided: the decision, and the evidence, whose `fields` are those of the
  // contact with the lower id. If open: the evidence that no fields show, which
  // is that of companions; empty if there is none.
  v1::Suggestion details;
  int64_t create_micros = 0;

  Pair pair() const { return Pair(contact, other); }
};

// Opens a suggestion between `contact` and each of `others`, except those with
// which it has a suggestion, open or decided, or a NOT_SAME mark.
absl::Status AddSuggestions(const mysql::Tx& tx, const base::Uuid& contact,
                            const std::vector<base::Uuid>& others);

// Returns the row of the contact with the lower id; nullopt if there is no
// suggestion.
absl::StatusOr<std::optional<SuggestionRow>> SelectSuggestion(
    const mysql::Tx& tx, const Pair& pair);

// Returns the rows of `contact` with any of `others`.
absl::StatusOr<std::vector<SuggestionRow>> SelectSuggestionsWith(
    const mysql::Tx& tx, const base::Uuid& contact,
    const std::vector<base::Uuid>& others);

// True if the caller who caused the evidence was UNAUTHENTICATED.
bool IsOfForm(const v1::MatchEvidence& evidence);

// A rule whose evidence is stored, and whether a form caused it: suggestions of
// forms take no place of others.
using EvidenceKind = std::pair<v1::MatchRule, bool>;
EvidenceKind KindOf(const v1::MatchEvidence& evidence);

// Returns how many open suggestions with stored evidence of each kind the
// contact has. Exact if there are at most kMaxMatches of each.
absl::StatusOr<std::map<EvidenceKind, size_t>> CountStoredEvidence(
    const mysql::Tx& tx, const base::Uuid& contact);

// Writes the state and details of a suggestion to both of its rows.
absl::Status WriteSuggestion(const mysql::Tx& tx, const SuggestionRow& row);

// Return at most 500 rows by contact and other: SelectContactSuggestionsAfter
// the rows of `contact` whose other id is greater than `after`;
// SelectSuggestionsOf the rows of at most 500 contacts;
// SelectSuggestionsAfterContact the rows of all contacts whose id is greater
// than `contact`.
absl::StatusOr<std::vector<SuggestionRow>> SelectContactSuggestionsAfter(
    const mysql::Tx& tx, const base::Uuid& contact, const base::Uuid& after);
absl::StatusOr<std::vector<SuggestionRow>> SelectSuggestionsOf(
    const mysql::Tx& tx, const std::vector<base::Uuid>& contacts);
absl::StatusOr<std::vector<SuggestionRow>> SelectSuggestionsAfterContact(
    const mysql::Tx& tx, const base::Uuid& contact);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_ROW_H_
