#include "identity-svc/holding_row.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/mysql/lists.h"
#include "common/status/status_macros.h"
#include "identity-svc/keyed_query.h"
#include "identity-svc/sharing/sharing.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;

const mysql::Statement kSelectHoldings(
    "SELECT identity_key, start_micros, contact_id, end_micros, assurance, "
    "source, details FROM holdings "
    "WHERE tenant_id = ? AND identity_key IN (:list) "
    "ORDER BY identity_key, start_micros");

const mysql::Statement kInsertHolding(
    "INSERT INTO holdings (tenant_id, identity_key, start_micros, contact_id, "
    "assurance, source, details) VALUES (?, ?, ?, ?, ?, ?, ?)");

const mysql::Statement kChangeHolding(
    "UPDATE holdings SET start_micros = ?, assurance = ?, source = ?, "
    "details = ? WHERE tenant_id = ? AND identity_key = ? AND start_micros = ? "
    "AND contact_id = ?");

const mysql::Statement kEndHolding(
    "UPDATE holdings SET end_micros = ?, details = ? WHERE tenant_id = ? AND "
    "identity_key = ? AND start_micros = ? AND contact_id = ?");

const mysql::Statement kDeleteHolding(
    "DELETE FROM holdings WHERE tenant_id = ? AND "
    "identity_key = ? AND start_micros = ? AND contact_id = ?");

const mysql::Statement kSelectKeysOfContact(
    "SELECT identity_key FROM contact_identities "
    "WHERE tenant_id = ? AND contact_id = ? AND identity_key > ? "
    "ORDER BY identity_key LIMIT ?");

const mysql::Statement kSelectPastKeysOfContact(
    "SELECT identity_key FROM past_identities "
    "WHERE tenant_id = ? AND contact_id = ? AND identity_key > ? "
    "ORDER BY identity_key LIMIT ?");

const mysql::Statement kLockKeysOfContact(
    "SELECT identity_key FROM contact_identities "
    "WHERE tenant_id = ? AND contact_id = ? "
    "ORDER BY identity_key LIMIT ? FOR UPDATE");

using KeysOfSeeks = std::vector<std::vector<std::string>>;

absl::StatusOr<KeysOfSeeks> SelectKeys(const Tx& tx,
                                       const mysql::Statement& statement,
                                       const std::vector<KeysSeek>& seeks,
                                       int32_t limit) {
  std::vector<std::string> after;
  after.reserve(seeks.size());
  std::vector<std::vector<mysql::Param>> runs;
  for (const KeysSeek& seek : seeks) {
    after.push_back(KeyBytes(seek.after));
    runs.push_back(
        {tx.tenant_id(), seek.contact_id.bytes(), after.back(), limit});
  }
  KeysOfSeeks keys(seeks.size());
  KITH_RETURN_IF_ERROR(
      mysql::QueryRuns(tx.session, statement, runs, mysql::kMaxRuns,
                       [&](size_t run, const mysql::Row& row) {
                         keys[run].push_back(KeyHex(row.Bytes(0)));
                       }));
  return keys;
}

// Inserts or deletes the rows of contact_identities of these contacts, in the
// order in which others lock them.
absl::Status ChangeContactIdentities(const Tx& tx,
                                     const mysql::Statement& change,
                                     std::vector<Uuid> contacts,
                                     const std::string& key) {
  std::sort(contacts.begin(), contacts.end());
  const std::string bytes = KeyBytes(key);
  for (const Uuid& contact : contacts) {
    KITH_RETURN_IF_ERROR(
        tx.session.Execute(change, {tx.tenant_id(), contact.bytes(), bytes})
            .status());
  }
  return absl::OkStatus();
}

// The holder, and all who share the value or have.
void AddEver(const Holding& holding, std::set<Uuid>& contacts) {
  contacts.insert(holding.contact_id);
  for (const auto& sharer : holding.details.sharing().sharers()) {
    contacts.insert(Uuid::FromBytes(sharer.contact_id()));
  }
}

// Has past_identities have the row of the contact if it is `wanted`.
absl::Status WritePastIdentity(const Tx& tx, const std::string& key,
                               const Uuid& contact_id, bool wanted) {
  const std::string bytes = KeyBytes(key);
  const absl::string_view contact = contact_id.bytes();
  bool found = false;
  KITH_RETURN_IF_ERROR(
      tx.session.Query(kFindPastIdentity, {tx.tenant_id(), contact, bytes},
                       [&](const mysql::Row& /*row*/) { found = true; }));
  if (found == wanted) return absl::OkStatus();
  return tx.session
      .Execute(wanted ? kInsertPastIdentity : kDeletePastIdentity,
               {tx.tenant_id(), contact, bytes})
      .status();
}

// Has past_identities agree with the holdings of the value by the contacts.
absl::Status WritePastIdentities(const Tx& tx, const std::string& key,
                                 const std::set<Uuid>& contacts) {
  KITH_ASSIGN_OR_RETURN(const Holdings holdings, SelectHoldingsOf(tx, key));
  std::set<Uuid> past;
  for (const Holding& holding : holdings) {
    const std::vector<Uuid> more = PastContactsOf(holding);
    past.insert(more.begin(), more.end());
  }
  for (const Uuid& contact : contacts) {
    KITH_RETURN_IF_ERROR(
        WritePastIdentity(tx, key, contact, past.contains(contact)));
  }
  return absl::OkStatus();
}

// Likewise, of all whom the holding names.
absl::Status WritePastOf(const Tx& tx, const std::string& key,
                         const Holding& holding) {
  std::set<Uuid> contacts;
  AddEver(holding, contacts);
  return WritePastIdentities(tx, key, contacts);
}

Holding HoldingFrom(const mysql::Row& row) {
  Holding holding{.contact_id = Uuid::FromBytes(row.Bytes(2)),
                  .start_micros = row.Int(1),
                  .end_micros = std::nullopt,
                  .assurance = static_cast<config::v1::Assurance>(row.Int(4)),
                  .source = row.Bytes(5)};
  if (!row.IsNull(3)) holding.end_micros = row.Int(3);
  if (!row.IsNull(6)) holding.details.ParseFromString(row.Bytes(6));
  return holding;
}

}  // namespace

const mysql::Statement kInsertContactIdentity(
    "INSERT INTO contact_identities (tenant_id, contact_id, identity_key) "
    "VALUES (?, ?, ?)");

const mysql::Statement kDeleteContactIdentity(
    "DELETE FROM contact_identities "
    "WHERE tenant_id = ? AND contact_id = ? AND identity_key = ?");

const mysql::Statement kFindPastIdentity(
    "SELECT identity_key FROM past_identities "
    "WHERE tenant_id = ? AND contact_id = ? AND identity_key = ?");

const mysql::Statement kInsertPastIdentity(
    "INSERT INTO past_identities (tenant_id, contact_id, identity_key) "
    "VALUES (?, ?, ?)");

const mysql::Statement kDeletePastIdentity(
    "DELETE FROM past_identities "
    "WHERE tenant_id = ? AND contact_id = ? AND identity_key = ?");

absl::StatusOr<absl::flat_hash_map<std::string, Holdings>> SelectHoldings(
    const Tx& tx, const std::vector<std::string>& keys) {
  absl::flat_hash_map<std::string, Holdings> holdings;
  KITH_RETURN_IF_ERROR(
      QueryByKeys(tx, kSelectHoldings, keys, [&](const mysql::Row& row) {
        holdings[KeyHex(row.Bytes(0))].push_back(HoldingFrom(row));
      }));
  return holdings;
}

absl::StatusOr<Holdings> SelectHoldingsOf(const Tx& tx,
                                          const std::string& key) {
  Holdings holdings;
  KITH_RETURN_IF_ERROR(QueryByKeys(
      tx, kSelectHoldings, {key},
      [&](const mysql::Row& row) { holdings.push_back(HoldingFrom(row)); }));
  return holdings;
}

absl::Status InsertHolding(const Tx& tx, const std::string& key,
                           const Holding& holding) {
  const std::string bytes = KeyBytes(key);
  const absl::string_view contact = holding.contact_id.bytes();
  const std::string details = holding.details.SerializeAsString();
  KITH_RETURN_IF_ERROR(
      tx.session
          .Execute(kInsertHolding,
                   {tx.tenant_id(), bytes, holding.start_micros, contact,
                    holding.assurance, holding.source, details})
          .status());
  KITH_RETURN_IF_ERROR(ChangeContactIdentities(tx, kInsertContactIdentity,
                                               ContactsOf(holding), key));
  // A new holding is of nobody's past, but for one that goes on under this key.
  return IsShared(holding) ? WritePastOf(tx, key, holding) : absl::OkStatus();
}

absl::Status ChangeHolding(const Tx& tx, const std::string& key,
                           const Holding& holding, int64_t old_start_micros) {
  const std::string details = holding.details.SerializeAsString();
  return tx.session
      .Execute(kChangeHolding,
               {holding.start_micros, holding.assurance, holding.source,
                details, tx.tenant_id(), KeyBytes(key), old_start_micros,
                holding.contact_id.bytes()})
      .status();
}

std::vector<Uuid> ContactsOf(const Holding& holding) {
  std::vector<Uuid> contacts = SharersOf(holding.details.sharing());
  contacts.push_back(holding.contact_id);
  return contacts;
}

absl::Status ChangeSharers(const Tx& tx, const std::string& key,
                           const Holding& holding,
                           const std::vector<Uuid>& added,
                           const std::vector<Uuid>& removed) {
  KITH_ASSIGN_OR_RETURN(const Holdings before, SelectHoldingsOf(tx, key));
  KITH_RETURN_IF_ERROR(ChangeHolding(tx, key, holding, holding.start_micros));
  KITH_RETURN_IF_ERROR(
      ChangeContactIdentities(tx, kDeleteContactIdentity, removed, key));
  KITH_RETURN_IF_ERROR(
      ChangeContactIdentities(tx, kInsertContactIdentity, added, key));
  if (removed.empty()) return absl::OkStatus();
  // Of the oldest who share it no more, the holding may say nothing any more.
  std::set<Uuid> contacts;
  AddEver(holding, contacts);
  if (const Holding* const open = OpenHolding(before)) AddEver(*open, contacts);
  return WritePastIdentities(tx, key, contacts);
}

absl::Status EndHolding(const Tx& tx, const std::string& key,
                        const Holding& holding) {
  const std::string bytes = KeyBytes(key);
  const absl::string_view contact = holding.contact_id.bytes();
  const std::string details = holding.details.SerializeAsString();
  KITH_RETURN_IF_ERROR(
      tx.session
          .Execute(kEndHolding, {*holding.end_micros, details, tx.tenant_id(),
                                 bytes, holding.start_micros, contact})
          .status());
  KITH_RETURN_IF_ERROR(ChangeContactIdentities(tx, kDeleteContactIdentity,
                                               ContactsOf(holding), key));
  return WritePastOf(tx, key, holding);
}

absl::Status DeleteHolding(const Tx& tx, const std::string& key,
                           const Holding& holding) {
  const std::string bytes = KeyBytes(key);
  const absl::string_view contact = holding.contact_id.bytes();
  KITH_RETURN_IF_ERROR(
      tx.session
          .Execute(kDeleteHolding,
                   {tx.tenant_id(), bytes, holding.start_micros, contact})
          .status());
  if (!holding.end_micros.has_value()) {
    KITH_RETURN_IF_ERROR(ChangeContactIdentities(tx, kDeleteContactIdentity,
                                                 ContactsOf(holding), key));
    if (!IsShared(holding)) return absl::OkStatus();
  }
  return WritePastOf(tx, key, holding);
}

absl::Status ReopenHolding(const Tx& tx, const std::string& key,
                           const Holding& holding) {
  const std::string bytes = KeyBytes(key);
  const absl::string_view contact = holding.contact_id.bytes();
  const std::string details = holding.details.SerializeAsString();
  KITH_RETURN_IF_ERROR(
      tx.session
          .Execute(kEndHolding, {nullptr, details, tx.tenant_id(), bytes,
                                 holding.start_micros, contact})
          .status());
  KITH_RETURN_IF_ERROR(ChangeContactIdentities(tx, kInsertContactIdentity,
                                               ContactsOf(holding), key));
  return WritePastOf(tx, key, holding);
}

absl::StatusOr<std::vector<std::vector<std::string>>> SelectKeysOfContacts(
    const Tx& tx, const std::vector<KeysSeek>& seeks, int32_t limit) {
  return SelectKeys(tx, kSelectKeysOfContact, seeks, limit);
}

absl::StatusOr<std::vector<std::vector<std::string>>> SelectPastKeysOfContacts(
    const Tx& tx, const std::vector<KeysSeek>& seeks, int32_t limit) {
  return SelectKeys(tx, kSelectPastKeysOfContact, seeks, limit);
}

absl::Status LockKeysOfContact(const Tx& tx, const Uuid& contact_id,
                               int32_t limit) {
  return tx.session.Query(kLockKeysOfContact,
                          {tx.tenant_id(), contact_id.bytes(), limit},
                          [](const mysql::Row&) {});
}

}  // namespace kith::identity
