#include "interactions-svc/journal/journal_sweep.h"

#include <cstdint>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/uuid.h"
#include "common/mysql/statement.h"
#include "common/mysql/transaction.h"
#include "common/mysql/tx.h"
#include "common/status/status_macros.h"
#include "interactions-svc/journal/entry_row.h"
#include "interactions-svc/journal/entry_rules.h"
#include "interactions-svc/journal/locked_entry.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Tx;

constexpr int32_t kMostSwept = 1'000;
constexpr DueKind kEnds[] = {DueKind::kDoneEnd, DueKind::kFailedEnd,
                             DueKind::kDiscardedEnd, DueKind::kAddressEnd};

// How long one deletion is tried.
constexpr absl::Duration kSweepTimeout = absl::Seconds(5);

const mysql::Statement kSweepEntryKeys(
    "DELETE FROM journal_keys WHERE received_micros < ? "
    "ORDER BY received_micros LIMIT ?",
    mysql::Mark::kMaintenance);

// Deletes what has expired of the entry: the place that led to it may be
// another's by now.
absl::Status SweepEntry(const Tx& tx, const Uuid& id) {
  return mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(auto entry, LockedEntry::Lock(tx, id));
    if (!entry.has_value()) return absl::OkStatus();
    if (IsExpired(entry->stored(), tx.now)) return entry->Delete();
    if (IsAddressExpired(entry->stored(), tx.now)) {
      entry->stored().mutable_entry()->clear_address();
    }
    return entry->Write();
  });
}

}  // namespace

absl::Status SweepJournal(
    mysql::Session& session,
    absl::Span<const std::shared_ptr<const config::v1::Tenant>> tenants,
    absl::Time now) {
  for (const auto& tenant : tenants) {
    for (const DueKind kind : kEnds) {
      const mysql::TenantTx reading(session, tenant->id(), now);
      KITH_ASSIGN_OR_RETURN(const std::vector<DueEntry> due,
                            ReadDue(reading, kind, FirstDue(),
                                    absl::ToUnixMicros(now), kMostSwept));
      for (const DueEntry& place : due) {
        const mysql::TenantTx tx(session, tenant->id(), now,
                                 absl::Now() + kSweepTimeout);
        KITH_RETURN_IF_ERROR(SweepEntry(tx, place.id));
      }
    }
  }
  return session
      .Execute(kSweepEntryKeys,
               {absl::ToUnixMicros(now - kLongestRepeatWindow), kMostSwept})
      .status();
}

}  // namespace kith::interactions
