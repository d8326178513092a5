#ifndef KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_SWEEP_H_
#define KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_SWEEP_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/session.h"
#include "kith/config/v1/config.pb.h"

namespace kith::interactions {

// Deletes what the journal has kept long enough: entries, addresses and keys.
// An entry a transaction. Deletes at most 1,000 of each kind of a tenant, and
// 1,000 keys, so call it again and again. Several processes may do so at once.
absl::Status SweepJournal(
    mysql::Session& session,
    absl::Span<const std::shared_ptr<const config::v1::Tenant>> tenants,
    absl::Time now);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_JOURNAL_JOURNAL_SWEEP_H_
