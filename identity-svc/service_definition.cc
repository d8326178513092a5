#include "identity-svc/service_definition.h"

#include <memory>

#include "identity-svc/identity_service.h"
#include "identity-svc/lookups.h"
#include "identity-svc/schema.h"

namespace kith::identity {

server::DatabaseService ServiceDefinition() {
  return {.full_name = v1::IdentityService::service_full_name(),
          .schema = Schema(),
          .lookups = Lookups(),
          .make = [](server::PooledCalls& calls) {
            return std::make_unique<IdentityService>(calls);
          }};
}

}  // namespace kith::identity
