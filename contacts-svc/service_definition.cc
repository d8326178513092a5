#include "contacts-svc/service_definition.h"

#include <memory>

#include "contacts-svc/contacts_service.h"
#include "contacts-svc/lookups.h"
#include "contacts-svc/schema.h"

namespace kith::contacts {

server::DatabaseService ServiceDefinition() {
  return {.full_name = v1::ContactsService::service_full_name(),
          .schema = Schema(),
          .lookups = Lookups(),
          .make = [](server::PooledCalls& calls) {
            return std::make_unique<ContactsService>(calls);
          }};
}

}  // namespace kith::contacts
