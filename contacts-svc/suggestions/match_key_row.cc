#include "contacts-svc/suggestions/match_key_row.h"

#include "common/mysql/errors.h"
#include "common/status/status_macros.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

// The contact itself, kMaxMatches others, and one more.
const mysql::Statement kSelectMatching(
    "SELECT contact_id FROM match_keys WHERE tenant_id = ? AND match_key = ? "
    "ORDER BY contact_id LIMIT 22");

const mysql::Statement kLockMatchKey(
    "SELECT match_key FROM match_locks "
    "WHERE tenant_id = ? AND match_key = ? FOR UPDATE");

const mysql::Statement kInsertMatchLock(
    "INSERT INTO match_locks (tenant_id, match_key) VALUES (?, ?)");

}  // namespace

const mysql::Statement kInsertMatchKey(
    "INSERT INTO match_keys (tenant_id, match_key, contact_id) "
    "VALUES (?, ?, ?)");

const mysql::Statement kDeleteMatchKey(
    "DELETE FROM match_keys "
    "WHERE tenant_id = ? AND match_key = ? AND contact_id = ?");

absl::StatusOr<std::vector<Uuid>> SelectMatching(const Tx& tx,
                                                 absl::string_view key,
                                                 const Uuid& self) {
  std::vector<Uuid> contacts;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectMatching, {tx.tenant_id(), key}, [&](const mysql::Row& row) {
        const Uuid id = Uuid::FromBytes(row.Bytes(0));
        if (id != self) contacts.push_back(id);
      }));
  return contacts;
}

absl::Status LockMatchKey(const Tx& tx, absl::string_view key) {
  bool there = false;
  KITH_RETURN_IF_ERROR(
      tx.session.Query(kLockMatchKey, {tx.tenant_id(), key},
                       [&](const mysql::Row& /*row*/) { there = true; }));
  if (there) return absl::OkStatus();
  return mysql::RetryIfDuplicate(
      tx.session.Execute(kInsertMatchLock, {tx.tenant_id(), key}).status());
}

absl::Status AddMatchKey(const Tx& tx, absl::string_view key,
                         const Uuid& contact) {
  const absl::Status added =
      tx.session
          .Execute(kInsertMatchKey, {tx.tenant_id(), key, contact.bytes()})
          .status();
  return mysql::IsDuplicateKey(added) ? absl::OkStatus() : added;
}

absl::Status DeleteMatchKey(const Tx& tx, absl::string_view key,
                            const Uuid& contact) {
  return tx.session
      .Execute(kDeleteMatchKey, {tx.tenant_id(), key, contact.bytes()})
      .status();
}

}  // namespace kith::contacts
