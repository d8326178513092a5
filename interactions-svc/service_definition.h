#ifndef KITH_INTERACTIONS_SVC_SERVICE_DEFINITION_H_
#define KITH_INTERACTIONS_SVC_SERVICE_DEFINITION_H_

#include "common/server/database_service.h"

namespace kith::interactions {

// Returns what a process needs to run interactions-svc: its API, migrations and
// lookups.
server::DatabaseService ServiceDefinition();

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_SERVICE_DEFINITION_H_
