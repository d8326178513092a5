#ifndef KITH_IDENTITY_SVC_CONSENT_SUPPRESSION_ROW_H_
#define KITH_IDENTITY_SVC_CONSENT_SUPPRESSION_ROW_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "identity-svc/consent/permission.h"

namespace kith::identity {

// The table `suppressions`. Values are known by SuppressionKey::Hash.

// Returns the suppressions by hash; values without any are missing.
absl::StatusOr<absl::flat_hash_map<std::string, Suppressions>>
SelectSuppressions(const mysql::Tx& tx, const std::vector<std::string>& hashes);

// Returns those of one value, locked until the transaction ends.
absl::StatusOr<Suppressions> LockSuppressions(const mysql::Tx& tx,
                                              const std::string& hash);

// Writes over the row of the suppression's purpose and topic, or inserts it.
// `contact_id` is whose word it is. ABORTED, so that Transact runs the
// transaction again, if another transaction inserted it first.
absl::Status WriteSuppression(const mysql::Tx& tx, const std::string& hash,
                              const base::Uuid& contact_id,
                              const Suppression& suppression);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_SUPPRESSION_ROW_H_
