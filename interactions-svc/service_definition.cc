#include "interactions-svc/service_definition.h"

#include <memory>

#include "interactions-svc/interactions_service.h"
#include "interactions-svc/lookups.h"
#include "interactions-svc/schema.h"

namespace kith::interactions {

server::DatabaseService ServiceDefinition() {
  return {.full_name = v1::InteractionsService::service_full_name(),
          .schema = Schema(),
          .lookups = Lookups(),
          .make = [](server::PooledCalls& calls) {
            return std::make_unique<InteractionsService>(calls);
          }};
}

}  // namespace kith::interactions
