#ifndef KITH_IDENTITY_SVC_REREAD_REREAD_TASK_H_
#define KITH_IDENTITY_SVC_REREAD_REREAD_TASK_H_

#include "absl/status/status.h"
#include "common/auth/tenants.h"
#include "common/base/clock.h"
#include "common/server/database_service.h"
#include "identity-svc/consent/suppression_key.h"

namespace kith::identity {

enum class RereadWork {
  // Only reads, and takes no lock.
  kList,
  // Before processes with today's rules serve: see AddAlias.
  kAlias,
  // When no others serve any more: see MoveToReading.
  kMove,
};

// Reads all identities of all tenants again that are stored under rules older
// than kReadingRules, while others write them. Prints a line of JSON for each
// that is not kUnchanged, and for each tenant how many there are. May be ended
// anywhere and run again, also by two processes at once.
//
// By `key` a move has suppressions follow their values.
//
// FAILED_PRECONDITION if a move would change identities (kList) or has left
// some (kMove), or if a tenant is not in `tenants`, whose values are left.
absl::Status RereadValues(const server::TaskContext& task,
                          const auth::Tenants& tenants,
                          const base::Clock& clock, RereadWork work,
                          const SuppressionKey& key);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_REREAD_REREAD_TASK_H_
