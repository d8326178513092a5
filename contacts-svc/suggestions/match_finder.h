#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_FINDER_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_FINDER_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "contacts-svc/members/contact_row.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// The keys that a contact has in match_keys, by its own fields.
std::set<std::string> MatchKeysOf(const v1::Contact& contact);

// Keeps the match keys of a contact that the transaction makes or changes, and
// opens a suggestion for each other contact that has one of the new keys. Call
// it once the row is written; `before` are the fields it had, none where it is
// new. Writes nothing where they say the same by every rule, and at most
// 2 * kMostMatches rows a rule otherwise.
//
// Locks are taken in this order everywhere, so that nobody waits in a circle:
// canonical contacts by id, match keys by key, suggestions by their ids.
absl::Status FindMatches(mysql::Session& session, uint64_t tenant_id,
                         const v1::Contact& before, const ContactRow& row,
                         absl::Time now);

// The part of it that adds keys, which the contact has not yet. The transaction
// has locked its canonical contact.
absl::Status AddMatches(mysql::Session& session, uint64_t tenant_id,
                        const std::set<std::string>& keys, const base::Uuid& id,
                        absl::Time now);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_FINDER_H_
