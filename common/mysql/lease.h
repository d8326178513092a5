#ifndef KITH_COMMON_MYSQL_LEASE_H_
#define KITH_COMMON_MYSQL_LEASE_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"

namespace kith::mysql {

// A row of `leases`: the right to do something alone, for a time. Times are
// those of the holders' clocks, so that they decide who tries; what must not
// happen twice checks the epoch, which rises with each holder, in its own
// transaction.

// Takes the lease for `holder` where nobody has it, or its time is over;
// answers the epoch. Nullopt where another has it.
absl::StatusOr<std::optional<int64_t>> TakeLease(Session& session,
                                                 absl::string_view name,
                                                 absl::string_view holder,
                                                 absl::Time now,
                                                 absl::Duration time);

// Makes the lease last until `time` from now. Within a transaction, nobody else
// takes it before the end of that. False where somebody has taken it.
absl::StatusOr<bool> KeepLease(Session& session, absl::string_view name,
                               int64_t epoch, absl::Time now,
                               absl::Duration time);

// Lets another take it at once. Nothing where somebody has.
absl::Status ReleaseLease(Session& session, absl::string_view name,
                          int64_t epoch);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_LEASE_H_
