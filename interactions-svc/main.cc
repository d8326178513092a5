#include <memory>

#include "common/rpc/database_service.h"
#include "interactions-svc/interactions_service.h"
#include "interactions-svc/schema.h"

int main(int argc, char** argv) {
  return kith::rpc::RunDatabaseService(
      argc, argv,
      {.full_name =
           kith::interactions::v1::InteractionsService::service_full_name(),
       .schema = kith::interactions::Schema(),
       .lookups = {},
       .make = [](kith::rpc::PooledCalls& calls,
                  const kith::ops::Clock& clock) {
         return std::make_unique<kith::interactions::InteractionsService>(
             calls, clock);
       }});
}
