#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_KEY_ROW_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_KEY_ROW_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/mysql/statement.h"
#include "common/mysql/tx.h"

namespace kith::contacts {

// Which contacts match by a rule: the lookup table `match_keys`. The rows of
// `match_locks` order the transactions that add contacts to the same key.

// If more than this many other contacts share a match key, the key is too
// common to suggest by.
constexpr size_t kMaxMatches = 20;

// Insert and delete a row of match_keys. Bound: tenant_id, match_key,
// contact_id.
extern const mysql::Statement kInsertMatchKey;
extern const mysql::Statement kDeleteMatchKey;

// Returns the contacts that have a key, except `self`. If there are more than
// kMaxMatches, returns only the first of them, at least kMaxMatches + 1.
absl::StatusOr<std::vector<base::Uuid>> SelectMatching(const mysql::Tx& tx,
                                                       absl::string_view key,
                                                       const base::Uuid& self);

// Locks a key until the transaction ends. ABORTED, so that Transact runs the
// transaction again, if another transaction adds the key's lock at the same
// time.
absl::Status LockMatchKey(const mysql::Tx& tx, absl::string_view key);

// Adds a contact to a key; no-op if the contact has the key.
absl::Status AddMatchKey(const mysql::Tx& tx, absl::string_view key,
                         const base::Uuid& contact);

// Removes a contact from a key; no-op if the contact does not have the key.
absl::Status DeleteMatchKey(const mysql::Tx& tx, absl::string_view key,
                            const base::Uuid& contact);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_KEY_ROW_H_
