#ifndef KITH_IDENTITY_SVC_HOLDING_ROW_H_
#define KITH_IDENTITY_SVC_HOLDING_ROW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/statement.h"
#include "common/mysql/tx.h"
#include "identity-svc/holding.h"

namespace kith::identity {

// The table `holdings` and its lookup tables `contact_identities`, of open
// holdings and of those who share their values, and `past_identities`, of the
// PastContactsOf each. Writers must have locked the identity's row.

// Insert and delete a row of contact_identities. Bound: tenant_id, contact_id,
// identity_key.
extern const mysql::Statement kInsertContactIdentity;
extern const mysql::Statement kDeleteContactIdentity;

// Find, insert and delete a row of past_identities. Bound: likewise.
extern const mysql::Statement kFindPastIdentity;
extern const mysql::Statement kInsertPastIdentity;
extern const mysql::Statement kDeletePastIdentity;

// Returns holdings by key; keys without holdings are missing.
absl::StatusOr<absl::flat_hash_map<std::string, Holdings>> SelectHoldings(
    const mysql::Tx& tx, const std::vector<std::string>& keys);

// Returns the holdings of one key.
absl::StatusOr<Holdings> SelectHoldingsOf(const mysql::Tx& tx,
                                          const std::string& key);

// Inserts an open holding.
absl::Status InsertHolding(const mysql::Tx& tx, const std::string& key,
                           const Holding& holding);

// Writes the start, the assurance, the source and the details of a holding that
// began at `old_start_micros` before.
absl::Status ChangeHolding(const mysql::Tx& tx, const std::string& key,
                           const Holding& holding, int64_t old_start_micros);

// Writes the end of a holding that was open, and its details.
absl::Status EndHolding(const mysql::Tx& tx, const std::string& key,
                        const Holding& holding);

// Writes the open holding of a stand-in contact whose sharers have changed.
absl::Status ChangeSharers(const mysql::Tx& tx, const std::string& key,
                           const Holding& holding,
                           const std::vector<base::Uuid>& added,
                           const std::vector<base::Uuid>& removed);

// Returns the contacts that contact_identities leads from to the value of an
// open holding: the holder, and those who share the value.
std::vector<base::Uuid> ContactsOf(const Holding& holding);

// Deletes a holding, and its rows in contact_identities if it is open. For one
// that goes on under another key.
absl::Status DeleteHolding(const mysql::Tx& tx, const std::string& key,
                           const Holding& holding);

// Opens a holding again that has ended, if no other holding follows.
absl::Status ReopenHolding(const mysql::Tx& tx, const std::string& key,
                           const Holding& holding);

// Of which contact the keys are read, and after which key.
struct KeysSeek {
  base::Uuid contact_id;
  std::string after;
};

// Returns for each seek the keys of at most `limit` identities that its contact
// holds now, those greater than `after`, by rising key.
absl::StatusOr<std::vector<std::vector<std::string>>> SelectKeysOfContacts(
    const mysql::Tx& tx, const std::vector<KeysSeek>& seeks, int32_t limit);

// Returns likewise those that are of its past: see PastContactsOf.
absl::StatusOr<std::vector<std::vector<std::string>>> SelectPastKeysOfContacts(
    const mysql::Tx& tx, const std::vector<KeysSeek>& seeks, int32_t limit);

// Locks what the contact holds now, as far as SelectKeysOfContacts with
// this limit returns it, until the transaction ends. Others who lock the
// contact, or end a holding of it, wait.
absl::Status LockKeysOfContact(const mysql::Tx& tx,
                               const base::Uuid& contact_id, int32_t limit);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_HOLDING_ROW_H_
