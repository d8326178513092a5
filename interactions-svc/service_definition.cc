#include "interactions-svc/service_definition.h"

#include <memory>

#include "absl/time/time.h"
#include "common/mysql/session.h"
#include "interactions-svc/actions/queue_waits.h"
#include "interactions-svc/interactions_service.h"
#include "interactions-svc/lookups.h"
#include "interactions-svc/schema.h"

namespace kith::interactions {

server::DatabaseService ServiceDefinition() {
  return {
      .full_name = v1::InteractionsService::service_full_name(),
      .schema = Schema(),
      .lookups = Lookups(),
      .make =
          [](server::PooledCalls& calls) {
            return std::make_unique<InteractionsService>(calls);
          },
      .observe =
          [waits = std::make_shared<QueueWaits>()](
              mysql::Session& session, const auto& tenants, absl::Time now) {
            return waits->Export(session, tenants, now);
          }};
}

}  // namespace kith::interactions
