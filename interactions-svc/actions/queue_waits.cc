#include "interactions-svc/actions/queue_waits.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "common/mysql/tx.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"
#include "interactions-svc/actions/action_row.h"
#include "interactions-svc/actions/action_settings.h"

namespace kith::interactions {
namespace {

constexpr double kMicrosOfSecond = 1e6;

// By slug and queue, the least rank of a contact that waits; 0 if none does.
using FirstRanks = std::map<std::pair<std::string, std::string>, int64_t>;

absl::Status ReadFirstRanks(mysql::Session& session,
                            const config::v1::Tenant& tenant, absl::Time now,
                            FirstRanks& first) {
  const std::set<std::string> names = QueuesOf(tenant);
  const std::vector<std::string> queues(names.begin(), names.end());
  const mysql::TenantTx tx(session, tenant.id(), now);
  KITH_ASSIGN_OR_RETURN(const std::vector<WaitingContact> waiting,
                        ReadQueues(tx, HeadsOf(queues, now), 1));
  for (const std::string& queue : queues) first[{tenant.slug(), queue}] = 0;
  for (const WaitingContact& contact : waiting) {
    int64_t& rank = first[{tenant.slug(), queues[contact.queue / kHeadRanges]}];
    rank =
        rank == 0 ? contact.rank_micros : std::min(rank, contact.rank_micros);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status QueueWaits::Export(
    mysql::Session& session,
    absl::Span<const std::shared_ptr<const config::v1::Tenant>> tenants,
    absl::Time now) {
  FirstRanks first;
  // What is not there any more waits for nobody.
  for (const auto& [labels, gauge] : gauges_) first[labels] = 0;
  for (const auto& tenant : tenants) {
    KITH_RETURN_IF_ERROR(ReadFirstRanks(session, *tenant, now, first));
  }
  for (const auto& [labels, rank] : first) {
    prometheus::Gauge*& gauge = gauges_[labels];
    if (gauge == nullptr) {
      gauge = &ops::Gauge(
          "kith_queue_first_rank_timestamp_seconds",
          "By when the first contact of a queue ranks that waits, in Unix "
          "time: the due time of its most urgent action, less the head start. "
          "0: nobody waits.",
          {{"tenant", labels.first}, {"queue", labels.second}});
    }
    gauge->Set(static_cast<double>(rank) / kMicrosOfSecond);
  }
  return absl::OkStatus();
}

}  // namespace kith::interactions
