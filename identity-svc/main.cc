#include <memory>

#include "common/rpc/database_service.h"
#include "identity-svc/identity_service.h"
#include "identity-svc/lookups.h"
#include "identity-svc/schema.h"

int main(int argc, char** argv) {
  return kith::rpc::RunDatabaseService(
      argc, argv,
      {.full_name = kith::identity::v1::IdentityService::service_full_name(),
       .schema = kith::identity::Schema(),
       .lookups = kith::identity::Lookups(),
       .make = [](kith::rpc::PooledCalls& calls,
                  const kith::ops::Clock& clock) {
         return std::make_unique<kith::identity::IdentityService>(calls, clock);
       }});
}
