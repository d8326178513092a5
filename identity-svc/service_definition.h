#ifndef KITH_IDENTITY_SVC_SERVICE_DEFINITION_H_
#define KITH_IDENTITY_SVC_SERVICE_DEFINITION_H_

#include <functional>

#include "absl/status/statusor.h"
#include "common/server/database_service.h"
#include "identity-svc/consent/suppression_key.h"

namespace kith::identity {

// Returns what a process needs to run identity-svc: its API, migrations and
// lookups. `load_key` returns that by which the service knows suppressed
// values; it is called before the service serves, when the flags have been
// read.
server::DatabaseService ServiceDefinition(
    const std::function<absl::StatusOr<SuppressionKey>()>& load_key);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_SERVICE_DEFINITION_H_
