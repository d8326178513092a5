#ifndef KITH_IDENTITY_SVC_IDENTITY_ROW_H_
#define KITH_IDENTITY_SVC_IDENTITY_ROW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// The table `identities` and its lookup `identity_values`.

// By (tenant_id, channel, normalized, identity_key), into identity_values.
extern const mysql::Statement kInsertValue;

// Those of the keys that are stored, by key. Of each the fields that never
// change: key, channel, namespace, value, normalized_value.
absl::StatusOr<absl::flat_hash_map<std::string, v1::Identity>> SelectIdentities(
    mysql::Session& session, uint64_t tenant_id,
    const std::vector<std::string>& keys);

// Locks the identity's row until the transaction ends, so that one at a time
// changes who holds it. Answers the version of the last such change; 0 where
// there is no such row.
absl::StatusOr<uint64_t> LockIdentity(mysql::Session& session,
                                      uint64_t tenant_id,
                                      const std::string& key);

// Writes the version of a change of the locked row's holder.
absl::Status MoveVersion(mysql::Session& session, uint64_t tenant_id,
                         const std::string& key, uint64_t version);

// Adds the identity's row, locked, with its lookup, at version 1, that of its
// first holding. ABORTED where another
// transaction was faster.
absl::Status InsertIdentity(mysql::Session& session, uint64_t tenant_id,
                            const v1::Identity& identity, absl::Time now);

// The keys of at most `limit` identities of the channel, in any namespace.
absl::StatusOr<std::vector<std::string>> SelectKeysOfValue(
    mysql::Session& session, uint64_t tenant_id, v1::Channel channel,
    const std::string& normalized, int32_t limit);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_ROW_H_
