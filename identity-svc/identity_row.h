#ifndef KITH_IDENTITY_SVC_IDENTITY_ROW_H_
#define KITH_IDENTITY_SVC_IDENTITY_ROW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/statement.h"
#include "common/mysql/tx.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// The table `identities` and its lookup table `identity_values`.

// Inserts into identity_values. Bound: tenant_id, channel, normalized,
// identity_key.
extern const mysql::Statement kInsertValue;

// Returns the stored identities by key; others are missing. Sets only the
// fields that never change: key, channel, namespace, value, normalized_value.
absl::StatusOr<absl::flat_hash_map<std::string, v1::Identity>> SelectIdentities(
    const mysql::Tx& tx, const std::vector<std::string>& keys);

// Locks the identity's row until the transaction ends, so that only one
// transaction at a time changes its holder. Returns the version of the last
// such change; 0 if there is no row.
absl::StatusOr<uint64_t> LockIdentity(const mysql::Tx& tx,
                                      const std::string& key);

// Returns the time at which the identity's row was inserted; 0 if there is
// none.
absl::StatusOr<int64_t> SelectCreateMicros(const mysql::Tx& tx,
                                           const std::string& key);

// Writes the version of a change of the holder. The row must be locked.
absl::Status MoveVersion(const mysql::Tx& tx, const std::string& key,
                         uint64_t version);

// Inserts the identity's row with version 1, that of its first holding, and its
// row in identity_values if it has one; the transaction then holds the lock.
// ABORTED if another transaction inserted the row first.
absl::Status InsertIdentity(const mysql::Tx& tx, const v1::Identity& identity);

// Returns the keys of at most `limit` identities of the channel with this
// normalised value, in any namespace.
absl::StatusOr<std::vector<std::string>> SelectKeysOfValue(
    const mysql::Tx& tx, v1::Channel channel, const std::string& normalized,
    int32_t limit);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_ROW_H_
