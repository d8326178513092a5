#include "interactions-svc/lookups.h"

#include <string>

#include "common/base/uuid.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "interactions-svc/actions/action_row.h"
#include "interactions-svc/activity/summary_row.h"
#include "interactions-svc/journal/entry_row.h"
#include "interactions-svc/journal/entry_rules.h"
#include "interactions-svc/journal/locked_entry.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::LookupRows;
using mysql::Tx;

// What ranges over all tenants.

const mysql::Statement kActionsAfter(
    mysql::KeysAfterSql("actions", {"tenant_id", "contact_id"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kPlacesAfter(
    mysql::KeysAfterSql("action_queue", {"tenant_id", "queue", "state",
                                         "rank_micros", "contact_id"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kFindPlace(
    "SELECT contact_id FROM action_queue WHERE tenant_id = ? AND queue = ? "
    "AND state = ? AND rank_micros = ? AND contact_id = ?");

const mysql::Statement kEntriesAfter(
    mysql::KeysAfterSql("journal", {"tenant_id", "entry_id"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kDueAfter(
    mysql::KeysAfterSql("journal_due",
                        {"tenant_id", "kind", "due_micros", "entry_id"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kFindDue(
    "SELECT entry_id FROM journal_due WHERE tenant_id = ? AND kind = ? "
    "AND due_micros = ? AND entry_id = ?");

std::vector<Uuid> IdsOf(const std::vector<std::string>& owners) {
  std::vector<Uuid> ids;
  for (const std::string& owner : owners) ids.push_back(Uuid::FromBytes(owner));
  return ids;
}

absl::StatusOr<LookupRows> PlacesOfContacts(
    const Tx& tx, const std::vector<std::string>& owners) {
  const std::vector<Uuid> ids = IdsOf(owners);
  KITH_ASSIGN_OR_RETURN(const auto actions, ReadOpenActions(tx, ids));
  KITH_ASSIGN_OR_RETURN(SummaryRows rows,
                        ReadSummaries(tx, kSelectSummaries, ids));
  LookupRows wanted;
  for (const auto& [id, open] : actions) {
    for (const QueuePlace& place : PlacesOf(open, rows[id].work)) {
      wanted.insert(
          {tx.tenant_id(), place.queue, static_cast<uint64_t>(place.state),
           static_cast<uint64_t>(place.rank_micros), std::string(id.bytes())});
    }
  }
  return wanted;
}

// All of a contact is written under the lock of its summary.
absl::Status OnContact(const Tx& tx, const std::string& owner,
                       absl::FunctionRef<absl::Status()> work) {
  return mysql::Transact(tx, [&]() -> absl::Status {
    KITH_RETURN_IF_ERROR(
        ReadSummaries(tx, kLockSummaries, {Uuid::FromBytes(owner)}).status());
    return work();
  });
}

absl::StatusOr<LookupRows> PlacesOfEntries(
    const Tx& tx, const std::vector<std::string>& owners) {
  KITH_ASSIGN_OR_RETURN(const std::vector<EntryRow> entries,
                        ReadJournalEntries(tx, IdsOf(owners)));
  LookupRows wanted;
  for (const EntryRow& entry : entries) {
    for (const DuePlace& place : DuePlacesOf(entry.stored)) {
      wanted.insert({tx.tenant_id(), static_cast<uint64_t>(place.kind),
                     static_cast<uint64_t>(place.due_micros),
                     std::string(entry.id.bytes())});
    }
  }
  return wanted;
}

absl::Status OnEntry(const Tx& tx, const std::string& owner,
                     absl::FunctionRef<absl::Status()> work) {
  return mysql::Transact(tx, [&]() -> absl::Status {
    KITH_RETURN_IF_ERROR(
        LockedEntry::Lock(tx, Uuid::FromBytes(owner)).status());
    return work();
  });
}

}  // namespace

std::vector<mysql::Lookup> Lookups() {
  return {{.table = "action_queue",
           .least = {uint64_t{0}, "", uint64_t{0}, uint64_t{0}, ""},
           .owners = kActionsAfter,
           .rows = kPlacesAfter,
           .find = kFindPlace,
           .insert = kInsertPlace,
           .remove = kDeletePlace,
           .wanted = PlacesOfContacts,
           .locked = OnContact},
          {.table = "journal_due",
           .least = {uint64_t{0}, uint64_t{0}, uint64_t{0}, ""},
           .owners = kEntriesAfter,
           .rows = kDueAfter,
           .find = kFindDue,
           .insert = kInsertDue,
           .remove = kDeleteDue,
           .wanted = PlacesOfEntries,
           .locked = OnEntry}};
}

}  // namespace kith::interactions
