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

// A lease is a row of the table `leases`: the right of one process to do
// something alone, for a time. Expiry is measured by the clocks of the holders,
// so it only decides who tries to take the lease. Work that must not happen
// twice checks the epoch in its own transaction. The epoch rises with each
// holder.

// Takes the lease for `holder`, for `time` from `now`, if nobody holds the
// lease or it has expired. Makes the row if it is missing. Returns the new
// epoch, or nullopt if another process holds the lease.
absl::StatusOr<std::optional<int64_t>> TakeLease(Session& session,
                                                 absl::string_view name,
                                                 absl::string_view holder,
                                                 absl::Time now,
                                                 absl::Duration time);

// Extends the lease to `time` from `now`. Returns false if another process has
// taken the lease since `epoch`. In a transaction, the update also locks the
// row, so nobody else can take the lease before the transaction ends. May be
// called again.
absl::StatusOr<bool> KeepLease(Session& session, absl::string_view name,
                               int64_t epoch, absl::Time now,
                               absl::Duration time);

// Ends the lease, so that another process can take it at once. Does nothing if
// another process has taken it already. May be called again.
absl::Status ReleaseLease(Session& session, absl::string_view name,
                          int64_t epoch);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_LEASE_H_
