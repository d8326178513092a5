#include <memory>

#include "common/rpc/database_service.h"
#include "contacts-svc/contacts_service.h"
#include "contacts-svc/lookups.h"
#include "contacts-svc/schema.h"

int main(int argc, char** argv) {
  return kith::rpc::RunDatabaseService(
      argc, argv,
      {.full_name = kith::contacts::v1::ContactsService::service_full_name(),
       .schema = kith::contacts::Schema(),
       .lookups = kith::contacts::Lookups(),
       .make = [](kith::rpc::PooledCalls& calls,
                  const kith::ops::Clock& clock) {
         return std::make_unique<kith::contacts::ContactsService>(calls, clock);
       }});
}
