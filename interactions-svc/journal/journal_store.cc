#include "interactions-svc/journal/journal_store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/mysql/transaction.h"
#include "common/ops/log.h"
#include "common/status/status_macros.h"
#include "interactions-svc/journal/entry_body.h"
#include "interactions-svc/journal/entry_rules.h"
#include "interactions-svc/journal/locked_entry.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Tx;

constexpr int32_t kEntriesLeased = 10;

// Of the bodies that one response has; gRPC's default limit is 4 MiB.
constexpr int64_t kLeasedBytes = 3 << 20;

// So many due places are read for each entry that is wanted: others lease from
// the same head.
constexpr int32_t kDueForEach = 2;

absl::Status NoEntryError() {
  return absl::NotFoundError("entry_id: no entry with this id");
}

JournalRetention TenantRetention(const Tx& tx) {
  return RetentionOf(tx.context.principal->tenant->journal());
}

// The entry that a request records, without what only the service sets.
EntryRow NewEntry(const Tx& tx, const v1::Entry& given) {
  EntryRow row = {.id = Uuid::Make(tx.now)};
  v1::Entry& entry = *row.stored.mutable_entry();
  entry.set_source(given.source());
  entry.set_idempotency_key(given.idempotency_key());
  entry.set_method(given.method());
  entry.set_target(given.target());
  *entry.mutable_headers() = given.headers();
  entry.set_body_size(static_cast<int32_t>(given.body().size()));
  entry.set_address(given.address());
  entry.set_verdict(given.verdict());
  ReceiveEntry(tx.now, row.stored);
  return row;
}

// Answers that the request is a repeat of an entry, which may be deleted.
absl::Status ShowKnown(const Tx& tx, const v1::Entry& given, const Uuid& id,
                       v1::RecordEntryResponse& response) {
  response.set_known(true);
  KITH_ASSIGN_OR_RETURN(auto stored, ReadEntry(tx, id));
  if (stored.has_value()) {
    *response.mutable_entry() =
        ShowEntry({.id = id, .stored = *std::move(stored)});
    return absl::OkStatus();
  }
  response.mutable_entry()->set_entry_id(id.ToString());
  response.mutable_entry()->set_source(given.source());
  response.mutable_entry()->set_idempotency_key(given.idempotency_key());
  return absl::OkStatus();
}

// One run of the transaction of Record.
absl::Status RecordEntryOnce(const Tx& tx,
                             const v1::RecordEntryRequest& request,
                             const EntryRow& row, const std::string& compressed,
                             v1::RecordEntryResponse& response) {
  response.Clear();
  const v1::Entry& given = request.entry();
  KITH_ASSIGN_OR_RETURN(
      const std::optional<KeyedEntry> keyed,
      LockEntryKey(tx, given.source(), given.idempotency_key()));
  // An earlier run whose COMMIT was in doubt is no repeat.
  const bool is_own = keyed.has_value() && keyed->id == row.id;
  if (keyed.has_value() && !is_own &&
      tx.now < absl::FromUnixMicros(keyed->received_micros) +
                   RepeatWindow(request)) {
    return ShowKnown(tx, given, keyed->id, response);
  }
  *response.mutable_entry() = ShowEntry(row);
  if (is_own) return absl::OkStatus();
  KITH_RETURN_IF_ERROR(InsertEntry(tx, row, compressed));
  KITH_RETURN_IF_ERROR(MoveDuePlaces(tx, row.id, {}, DuePlacesOf(row.stored)));
  const KeyedEntry entry = {.id = row.id,
                            .received_micros = absl::ToUnixMicros(tx.now)};
  return keyed.has_value() ? UpdateEntryKey(tx, given.source(),
                                            given.idempotency_key(), entry)
                           : InsertEntryKey(tx, given.source(),
                                            given.idempotency_key(), entry);
}

// What one lease has come to.
struct LeasedEntry {
  // Unset if the entry was not due any more.
  std::optional<EntryRow> row = {};
  // The body does not fit into the response; nothing was leased.
  bool is_too_large = false;
};

absl::Status LeaseEntryOnce(const Tx& tx, const Uuid& id, int64_t bytes_left,
                            LeasedEntry& leased) {
  leased = {};
  KITH_ASSIGN_OR_RETURN(auto entry, LockedEntry::Lock(tx, id));
  if (!entry.has_value()) return absl::OkStatus();
  if (entry->stored().entry().body_size() > bytes_left) {
    leased.is_too_large = true;
    return absl::OkStatus();
  }
  if (LeaseAttempt(TenantRetention(tx), tx.now, entry->stored())) {
    leased.row = entry->row();
  }
  return entry->Write();
}

// Adds a leased entry to the response. If its body is damaged, the others are
// answered: its own attempts end without a result.
absl::Status AddLeased(const Tx& tx, const EntryRow& row,
                       v1::LeaseEntriesResponse& response) {
  auto body = ReadBody(tx, row);
  if (absl::IsDataLoss(body.status())) {
    ops::Log(
        ops::Severity::kError, "an entry of the journal cannot be read",
        {{"entry_id", row.id.ToString()}, {"reason", body.status().message()}});
    return absl::OkStatus();
  }
  KITH_RETURN_IF_ERROR(body.status());
  v1::Entry& entry = *response.add_entries();
  entry = ShowEntry(row);
  entry.set_body(*std::move(body));
  return absl::OkStatus();
}

// Changes an entry in a transaction, and returns it.
absl::StatusOr<v1::Entry> ChangeEntry(
    const Tx& tx, const std::string& entry_id,
    absl::FunctionRef<absl::Status(internal::v1::StoredEntry&)> change) {
  const Uuid id = Uuid::Parse(entry_id).value_or(Uuid());
  v1::Entry shown;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(auto entry, LockedEntry::Lock(tx, id));
    if (!entry.has_value()) return NoEntryError();
    KITH_RETURN_IF_ERROR(change(entry->stored()));
    shown = ShowEntry(entry->row());
    return entry->Write();
  }));
  return shown;
}

}  // namespace

v1::Entry ShowEntry(const EntryRow& row) {
  v1::Entry entry = row.stored.entry();
  entry.set_entry_id(row.id.ToString());
  return entry;
}

absl::StatusOr<v1::RecordEntryResponse> JournalStore::Record(
    const Tx& tx, const v1::RecordEntryRequest& request) const {
  const EntryRow row = NewEntry(tx, request.entry());
  const std::string compressed = CompressBody(request.entry().body());
  v1::RecordEntryResponse response;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&] {
    return RecordEntryOnce(tx, request, row, compressed, response);
  }));
  return response;
}

absl::StatusOr<v1::LeaseEntriesResponse> JournalStore::Lease(
    const Tx& tx, const v1::LeaseEntriesRequest& request) const {
  const int32_t wanted =
      request.entry_count() == 0 ? kEntriesLeased : request.entry_count();
  KITH_ASSIGN_OR_RETURN(
      const std::vector<DueEntry> due,
      ReadDue(tx, DueKind::kAttempt, FirstDue(), absl::ToUnixMicros(tx.now),
              wanted * kDueForEach));
  v1::LeaseEntriesResponse response;
  int64_t bytes_left = kLeasedBytes;
  for (const DueEntry& place : due) {
    if (response.entries_size() == wanted) break;
    LeasedEntry leased;
    KITH_RETURN_IF_ERROR(mysql::Transact(
        tx, [&] { return LeaseEntryOnce(tx, place.id, bytes_left, leased); }));
    if (leased.is_too_large) break;
    if (!leased.row.has_value()) continue;
    bytes_left -= leased.row->stored.entry().body_size();
    KITH_RETURN_IF_ERROR(AddLeased(tx, *leased.row, response));
  }
  return response;
}

absl::StatusOr<v1::Entry> JournalStore::Settle(
    const Tx& tx, const v1::SettleEntryRequest& request) const {
  return ChangeEntry(
      tx, request.entry_id(), [&](internal::v1::StoredEntry& stored) {
        return SettleAttempt(request, TenantRetention(tx), tx.now, stored);
      });
}

absl::StatusOr<v1::Entry> JournalStore::Get(
    const Tx& tx, const v1::GetEntryRequest& request) const {
  EntryRow row = {.id = Uuid::Parse(request.entry_id()).value_or(Uuid())};
  KITH_ASSIGN_OR_RETURN(auto stored, ReadEntry(tx, row.id));
  if (!stored.has_value()) return NoEntryError();
  row.stored = *std::move(stored);
  v1::Entry entry = ShowEntry(row);
  KITH_ASSIGN_OR_RETURN(*entry.mutable_body(), ReadBody(tx, row));
  return entry;
}

absl::StatusOr<v1::Entry> JournalStore::Discard(
    const Tx& tx, const v1::DiscardEntryRequest& request) const {
  return ChangeEntry(
      tx, request.entry_id(), [&](internal::v1::StoredEntry& stored) {
        return DiscardStored(request.agent(), request.reason(),
                             TenantRetention(tx), tx.now, stored);
      });
}

}  // namespace kith::interactions
