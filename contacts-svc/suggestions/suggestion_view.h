#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_VIEW_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_VIEW_H_

#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "contacts-svc/members/contact_row.h"
#include "contacts-svc/suggestions/suggestion_row.h"
#include "kith/contacts/v1/suggestion.pb.h"

namespace kith::contacts {

// The contacts of some suggestions and the canonical contacts of their groups,
// by which the suggestions are shown as they are now. Immutable.
class SuggestionView {
 public:
  // Reads the contacts of these suggestions. Call it on a snapshot.
  static absl::StatusOr<SuggestionView> Read(
      const mysql::Tx& tx, const std::vector<SuggestionRow>& rows);

  // Returns the suggestion as callers see it: an open one with the evidence
  // that there is now, of the fields and then what is stored; a decided one
  // with its decision and the evidence then.
  v1::Suggestion Show(const SuggestionRow& row) const;

  // Returns true if a list shows the suggestion: if it is decided, or if its
  // contacts are in two groups that are not deleted, with evidence. NOT_SAME
  // marks do not count here.
  bool IsListed(const v1::Suggestion& shown) const;

  // Returns the canonical row of the group of a contact.
  const ContactRow& CanonicalOf(const base::Uuid& id) const {
    return contacts_.at(contacts_.at(id).canonical_id);
  }

 private:
  absl::Status ReadContacts(const mysql::Tx& tx,
                            const std::set<base::Uuid>& ids);

  bool IsDeleted(const std::string& canonical_id) const;

  absl::flat_hash_map<base::Uuid, ContactRow> contacts_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_SUGGESTION_VIEW_H_
