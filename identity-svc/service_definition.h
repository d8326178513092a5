#ifndef KITH_IDENTITY_SVC_SERVICE_DEFINITION_H_
#define KITH_IDENTITY_SVC_SERVICE_DEFINITION_H_

#include "common/server/database_service.h"

namespace kith::identity {

// Returns what a process needs to run identity-svc: its API, migrations and
// lookups.
server::DatabaseService ServiceDefinition();

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_SERVICE_DEFINITION_H_
