#ifndef KITH_IDENTITY_SVC_QUARANTINE_COMPANION_ROW_H_
#define KITH_IDENTITY_SVC_QUARANTINE_COMPANION_ROW_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"
#include "common/mysql/tx.h"
#include "identity-svc/quarantine/fan_in.h"

namespace kith::identity {

// The table `identity_companions`. Writers must have locked the identity's row,
// but for SweepCompanions.

// Returns the stored companions by identity_key; keys without any are missing.
absl::StatusOr<std::map<std::string, SeenCompanions>> SelectCompanions(
    const mysql::Tx& tx, const std::vector<std::string>& keys);

// Adds the companions with the time of the call. Deletes those from before the
// day first if there are any.
absl::Status WriteCompanions(const mysql::Tx& tx, const std::string& key,
                             const FanIn& fan_in);

// Deletes all companions of the value.
absl::Status DeleteCompanions(const mysql::Tx& tx, const std::string& key);

// Deletes companions of all tenants that count no more, at most 10,000. Keeps
// them a day longer than the limit needs, as clocks of processes differ.
// Several processes may do so at once.
absl::Status SweepCompanions(mysql::Session& session, absl::Time now);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_QUARANTINE_COMPANION_ROW_H_
