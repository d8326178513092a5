#include "interactions-svc/service_definition.h"

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"
#include "common/status/status_macros.h"
#include "interactions-svc/actions/queue_waits.h"
#include "interactions-svc/interactions_service.h"
#include "interactions-svc/journal/journal_gauges.h"
#include "interactions-svc/journal/journal_sweep.h"
#include "interactions-svc/lookups.h"
#include "interactions-svc/schema.h"

namespace kith::interactions {

server::DatabaseService ServiceDefinition() {
  return {.full_name = v1::InteractionsService::service_full_name(),
          .schema = Schema(),
          .lookups = Lookups(),
          .make =
              [](server::PooledCalls& calls) {
                return std::make_unique<InteractionsService>(calls);
              },
          .sweep = SweepJournal,
          .observe = [waits = std::make_shared<QueueWaits>(),
                      journal = std::make_shared<JournalGauges>()](
                         mysql::Session& session, const auto& tenants,
                         absl::Time now) -> absl::Status {
            KITH_RETURN_IF_ERROR(waits->Export(session, tenants, now));
            return journal->Export(session, tenants, now);
          }};
}

}  // namespace kith::interactions
