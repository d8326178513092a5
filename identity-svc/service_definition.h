#ifndef KITH_IDENTITY_SVC_SERVICE_DEFINITION_H_
#define KITH_IDENTITY_SVC_SERVICE_DEFINITION_H_

#include "common/server/database_service.h"

namespace kith::identity {

// What a process needs to serve identity-svc: its API, migrations and lookups.
server::DatabaseService ServiceDefinition();

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_SERVICE_DEFINITION_H_
