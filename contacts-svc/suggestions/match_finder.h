#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_FINDER_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_FINDER_H_

#include <set>
#include <string>

#include "absl/status/status.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "contacts-svc/members/contact_row.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// Returns the keys that a contact has in match_keys (Match::kept_key), made
// from its own fields.
std::set<std::string> MatchKeysOf(const v1::Contact& contact);

// Updates the match keys of a contact that the transaction makes or changes,
// and opens a suggestion with each other contact that has one of the new keys
// or its OtherKey, unless that one is too common; with nobody by a new key that
// is too common itself. Call it after the contact's row is written. `before`
// has the fields before the change; it is empty for a new contact. Writes
// nothing if no key changed; else at most 4 * kMaxMatches rows of suggestions
// for each rule.
//
// All transactions take locks in this order, so there are no deadlocks:
// canonical contacts by id, match keys by key, suggestions by their ids.
absl::Status FindMatches(const mysql::Tx& tx, const v1::Contact& before,
                         const ContactRow& row);

// The part of FindMatches that adds keys. The contact must not have `keys` yet,
// and the transaction must have locked its canonical contact.
absl::Status AddMatches(const mysql::Tx& tx, const std::set<std::string>& keys,
                        const base::Uuid& id);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_FINDER_H_
