#include "interactions-svc/journal/journal_gauges.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/mysql/tx.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"
#include "interactions-svc/journal/entry_row.h"
#include "interactions-svc/journal/entry_rules.h"

namespace kith::interactions {
namespace {

constexpr double kMicrosPerSecond = 1e6;

// So many FAILED entries are counted.
constexpr int32_t kFailedCounted = 101;

// What waits in the journal of a tenant.
struct JournalWaits {
  int64_t first_due_micros = 0;
  size_t failed = 0;
};

absl::StatusOr<JournalWaits> ReadJournalWaits(const mysql::Tx& tx) {
  KITH_ASSIGN_OR_RETURN(const std::vector<DueEntry> due,
                        ReadDue(tx, DueKind::kAttempt, FirstDue(),
                                absl::ToUnixMicros(tx.now), 1));
  KITH_ASSIGN_OR_RETURN(
      const std::vector<DueEntry> failed,
      ReadDueBackwards(tx, DueKind::kFailedEnd, LastDue(), kFailedCounted));
  return JournalWaits{
      .first_due_micros = due.empty() ? 0 : due.front().due_micros,
      .failed = failed.size()};
}

}  // namespace

absl::Status JournalGauges::Export(
    mysql::Session& session,
    absl::Span<const std::shared_ptr<const config::v1::Tenant>> tenants,
    absl::Time now) {
  std::map<std::string, JournalWaits> waits;
  // What is not there any more waits for nobody.
  for (const auto& [slug, gauges] : gauges_) waits[slug] = {};
  for (const auto& tenant : tenants) {
    const mysql::TenantTx tx(session, tenant->id(), now);
    KITH_ASSIGN_OR_RETURN(waits[tenant->slug()], ReadJournalWaits(tx));
  }
  for (const auto& [slug, each] : waits) {
    Gauges& gauges = gauges_[slug];
    if (gauges.first_due == nullptr) {
      gauges.first_due = &ops::Gauge(
          "kith_journal_first_due_timestamp_seconds",
          "When the first attempt was due of those that no gateway has begun, "
          "in Unix time; 0: none is due.",
          {{"tenant", slug}});
      gauges.failed = &ops::Gauge(
          "kith_journal_failed_entries",
          "Entries of the journal that are FAILED, exact up to 100; 101: more.",
          {{"tenant", slug}});
    }
    gauges.first_due->Set(static_cast<double>(each.first_due_micros) /
                          kMicrosPerSecond);
    gauges.failed->Set(static_cast<double>(each.failed));
  }
  return absl::OkStatus();
}

}  // namespace kith::interactions
