#ifndef KITH_CONTACTS_SVC_SERVICE_DEFINITION_H_
#define KITH_CONTACTS_SVC_SERVICE_DEFINITION_H_

#include "common/server/database_service.h"

namespace kith::contacts {

// Returns what a process needs to run contacts-svc: its API, migrations and
// lookups.
server::DatabaseService ServiceDefinition();

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SERVICE_DEFINITION_H_
