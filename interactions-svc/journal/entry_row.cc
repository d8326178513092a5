#include "interactions-svc/journal/entry_row.h"

#include <map>
#include <utility>

#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/status/status_macros.h"
#include "interactions-svc/journal/entry_body.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::StoredEntry;
using mysql::Tx;

const mysql::Statement kSelectEntry(
    "SELECT details FROM journal WHERE tenant_id = ? AND entry_id = ?");

const mysql::Statement kLockEntry(
    "SELECT details FROM journal WHERE tenant_id = ? AND entry_id = ? "
    "FOR UPDATE");

const mysql::Statement kSelectJournalEntries(
    "SELECT entry_id, details FROM journal "
    "WHERE tenant_id = ? AND entry_id IN (:list)");

const mysql::Statement kSelectBody(
    "SELECT body FROM journal WHERE tenant_id = ? AND entry_id = ?");

const mysql::Statement kListEntries(
    "SELECT entry_id, details FROM journal "
    "WHERE tenant_id = ? AND entry_id < ? ORDER BY entry_id DESC LIMIT ?",
    mysql::Mark::kList);

const mysql::Statement kInsertEntry(
    "INSERT INTO journal (tenant_id, entry_id, details, body) "
    "VALUES (?, ?, ?, ?)");

const mysql::Statement kUpdateJournalEntry(
    "UPDATE journal SET details = ? WHERE tenant_id = ? AND entry_id = ?");

const mysql::Statement kDeleteEntry(
    "DELETE FROM journal WHERE tenant_id = ? AND entry_id = ?");

const mysql::Statement kReadDue(
    "SELECT due_micros, entry_id FROM journal_due "
    "WHERE tenant_id = ? AND kind = ? AND due_micros >= ? "
    "AND (due_micros > ? OR entry_id > ?) AND due_micros <= ? "
    "ORDER BY due_micros, entry_id LIMIT ?");

const mysql::Statement kReadDueBackwards(
    "SELECT due_micros, entry_id FROM journal_due "
    "WHERE tenant_id = ? AND kind = ? AND due_micros <= ? "
    "AND (due_micros < ? OR entry_id < ?) "
    "ORDER BY due_micros DESC, entry_id DESC LIMIT ?");

const mysql::Statement kLockEntryKey(
    "SELECT entry_id, received_micros FROM journal_keys "
    "WHERE tenant_id = ? AND source = ? AND idempotency_key = ? FOR UPDATE");

const mysql::Statement kInsertEntryKey(
    "INSERT INTO journal_keys "
    "(tenant_id, source, idempotency_key, entry_id, received_micros) "
    "VALUES (?, ?, ?, ?, ?)");

const mysql::Statement kUpdateEntryKey(
    "UPDATE journal_keys SET entry_id = ?, received_micros = ? "
    "WHERE tenant_id = ? AND source = ? AND idempotency_key = ?");

StoredEntry ParseEntry(const std::string& details) {
  StoredEntry stored;
  stored.ParseFromString(details);
  return stored;
}

absl::StatusOr<std::optional<StoredEntry>> QueryEntry(const Tx& tx,
                                                      absl::string_view sql,
                                                      const Uuid& id) {
  std::optional<StoredEntry> stored;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      sql, {tx.tenant_id(), id.bytes()},
      [&](const mysql::Row& row) { stored = ParseEntry(row.Bytes(0)); }));
  return stored;
}

DueEntry DueOf(const mysql::Row& row) {
  return {.due_micros = row.Int(0), .id = Uuid::FromBytes(row.Bytes(1))};
}

}  // namespace

const mysql::Statement kInsertDue(
    "INSERT INTO journal_due (tenant_id, kind, due_micros, entry_id) "
    "VALUES (?, ?, ?, ?)");

const mysql::Statement kDeleteDue(
    "DELETE FROM journal_due "
    "WHERE tenant_id = ? AND kind = ? AND due_micros = ? AND entry_id = ?");

absl::StatusOr<std::optional<StoredEntry>> ReadEntry(const Tx& tx,
                                                     const Uuid& id) {
  return QueryEntry(tx, kSelectEntry, id);
}

absl::StatusOr<std::optional<StoredEntry>> LockEntry(const Tx& tx,
                                                     const Uuid& id) {
  return QueryEntry(tx, kLockEntry, id);
}

absl::StatusOr<std::vector<EntryRow>> ReadJournalEntries(
    const Tx& tx, const std::vector<Uuid>& ids) {
  std::map<Uuid, StoredEntry> found;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectJournalEntries, {tx.tenant_id()}, base::BytesOf(ids),
      [&](const mysql::Row& row) {
        found[Uuid::FromBytes(row.Bytes(0))] = ParseEntry(row.Bytes(1));
      }));
  std::vector<EntryRow> rows;
  for (const Uuid& id : ids) {
    const auto it = found.find(id);
    if (it == found.end()) continue;
    rows.push_back({.id = id, .stored = std::move(it->second)});
    found.erase(it);
  }
  return rows;
}

absl::StatusOr<std::string> ReadBody(const Tx& tx, const EntryRow& row) {
  std::string compressed;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectBody, {tx.tenant_id(), row.id.bytes()},
      [&](const mysql::Row& found) { compressed = found.Bytes(0); }));
  return DecompressBody(compressed, row.stored.entry().body_size());
}

absl::StatusOr<std::vector<EntryRow>> ListEntriesBefore(const Tx& tx,
                                                        const Uuid& before,
                                                        int32_t limit) {
  std::vector<EntryRow> rows;
  KITH_RETURN_IF_ERROR(
      tx.session.Query(kListEntries, {tx.tenant_id(), before.bytes(), limit},
                       [&](const mysql::Row& row) {
                         rows.push_back({.id = Uuid::FromBytes(row.Bytes(0)),
                                         .stored = ParseEntry(row.Bytes(1))});
                       }));
  return rows;
}

absl::Status InsertEntry(const Tx& tx, const EntryRow& row,
                         absl::string_view compressed_body) {
  const std::string details = row.stored.SerializeAsString();
  return tx.session
      .Execute(kInsertEntry,
               {tx.tenant_id(), row.id.bytes(), details, compressed_body})
      .status();
}

absl::Status UpdateEntry(const Tx& tx, const EntryRow& row) {
  const std::string details = row.stored.SerializeAsString();
  return tx.session
      .Execute(kUpdateJournalEntry, {details, tx.tenant_id(), row.id.bytes()})
      .status();
}

absl::Status DeleteEntry(const Tx& tx, const Uuid& id) {
  return tx.session.Execute(kDeleteEntry, {tx.tenant_id(), id.bytes()})
      .status();
}

absl::Status MoveDuePlaces(const Tx& tx, const Uuid& id,
                           const std::set<DuePlace>& before,
                           const std::set<DuePlace>& after) {
  const auto execute = [&](const mysql::Statement& sql, const DuePlace& place) {
    return tx.session
        .Execute(sql, {tx.tenant_id(), static_cast<int32_t>(place.kind),
                       place.due_micros, id.bytes()})
        .status();
  };
  for (const DuePlace& place : before) {
    if (after.contains(place)) continue;
    KITH_RETURN_IF_ERROR(execute(kDeleteDue, place));
  }
  for (const DuePlace& place : after) {
    if (before.contains(place)) continue;
    KITH_RETURN_IF_ERROR(execute(kInsertDue, place));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<DueEntry>> ReadDue(const Tx& tx, DueKind kind,
                                              const DueEntry& after,
                                              int64_t until_micros,
                                              int32_t limit) {
  std::vector<DueEntry> due;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kReadDue,
      {tx.tenant_id(), static_cast<int32_t>(kind), after.due_micros,
       after.due_micros, after.id.bytes(), until_micros, limit},
      [&](const mysql::Row& row) { due.push_back(DueOf(row)); }));
  return due;
}

absl::StatusOr<std::vector<DueEntry>> ReadDueBackwards(const Tx& tx,
                                                       DueKind kind,
                                                       const DueEntry& before,
                                                       int32_t limit) {
  std::vector<DueEntry> due;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kReadDueBackwards,
      {tx.tenant_id(), static_cast<int32_t>(kind), before.due_micros,
       before.due_micros, before.id.bytes(), limit},
      [&](const mysql::Row& row) { due.push_back(DueOf(row)); }));
  return due;
}

absl::StatusOr<std::optional<KeyedEntry>> LockEntryKey(
    const Tx& tx, absl::string_view source, absl::string_view idempotency_key) {
  std::optional<KeyedEntry> keyed;
  KITH_RETURN_IF_ERROR(
      tx.session.Query(kLockEntryKey, {tx.tenant_id(), source, idempotency_key},
                       [&](const mysql::Row& row) {
                         keyed = KeyedEntry{.id = Uuid::FromBytes(row.Bytes(0)),
                                            .received_micros = row.Int(1)};
                       }));
  return keyed;
}

absl::Status InsertEntryKey(const Tx& tx, absl::string_view source,
                            absl::string_view idempotency_key,
                            const KeyedEntry& entry) {
  return mysql::RetryIfDuplicate(
      tx.session
          .Execute(kInsertEntryKey, {tx.tenant_id(), source, idempotency_key,
                                     entry.id.bytes(), entry.received_micros})
          .status());
}

absl::Status UpdateEntryKey(const Tx& tx, absl::string_view source,
                            absl::string_view idempotency_key,
                            const KeyedEntry& entry) {
  return tx.session
      .Execute(kUpdateEntryKey, {entry.id.bytes(), entry.received_micros,
                                 tx.tenant_id(), source, idempotency_key})
      .status();
}

}  // namespace kith::interactions
