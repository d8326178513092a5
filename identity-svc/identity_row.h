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

// Delete from identity_values. Bound: as kInsertValue.
extern const mysql::Statement kDeleteValue;

// Keys that are only another reading of a value, with the key of the identity
// that is meant. An alias counts as long as it has no holdings: a process with
// older rules may have taken its row for an identity.
using Aliases = absl::flat_hash_map<std::string, std::string>;

// Times at which identities were inserted, by key, in microseconds.
using CreateTimes = absl::flat_hash_map<std::string, int64_t>;

// Returns the stored identities by key, aliases as well; others are missing.
// Sets the fields key, channel, namespace, value and normalized_value, and the
// quarantine if it lasts. Adds those that are aliases to `aliases` if that is
// given, and when they were inserted to `created`.
absl::StatusOr<absl::flat_hash_map<std::string, v1::Identity>> SelectIdentities(
    const mysql::Tx& tx, const std::vector<std::string>& keys,
    Aliases* aliases = nullptr, CreateTimes* created = nullptr);

// What the row of an identity says of itself.
struct IdentityState {
  // The version of the last change of the holder; 0 if there is no row.
  uint64_t version = 0;
  // See kReadingRules; 0 if the identity has moved to another key.
  int rules = 0;
  // The key of the identity that is meant; empty if the row is no alias.
  std::string alias_of;

  bool exists() const { return version > 0; }
  // The row keeps only the version, for an identity that may come.
  bool is_vacant() const { return exists() && rules == 0; }
};

// Locks the identity's row until the transaction ends, so that only one
// transaction at a time changes its holder.
absl::StatusOr<IdentityState> LockIdentity(const mysql::Tx& tx,
                                           const std::string& key);

// Returns the time at which the identity's row was inserted; 0 if there is
// none.
absl::StatusOr<int64_t> SelectCreateMicros(const mysql::Tx& tx,
                                           const std::string& key);

// Writes the version of a change of the holder. The row must be locked.
absl::Status MoveVersion(const mysql::Tx& tx, const std::string& key,
                         uint64_t version);

// Inserts the identity's row with version 1, that of its first holding, under
// today's reading rules, and its row in identity_values if it has one; the
// transaction then holds the lock. ABORTED if another transaction inserted the
// row first.
absl::Status InsertIdentity(const mysql::Tx& tx, const v1::Identity& identity);

// Writes over the row of the identity's key, which is locked and has no
// holdings: an alias of `alias_of`, or an identity if that is empty; today's
// reading rules; no quarantine. Keeps the version. Adds the row in
// identity_values if `was_vacant`.
absl::Status RewriteIdentity(const mysql::Tx& tx, const v1::Identity& identity,
                             const std::string& alias_of, int64_t create_micros,
                             bool was_vacant);

// Writes that the locked row is read under today's rules, and no alias.
absl::Status WriteRules(const mysql::Tx& tx, const std::string& key);

// Writes that identities are read by today's rules as by those that they are
// stored with. Leaves aliases, and rows that have been written over since they
// were read. Waits for their locks.
absl::Status WriteUnchanged(const mysql::Tx& tx,
                            const std::vector<std::string>& keys);

// Takes everything but the version out of the locked row of an identity without
// holdings, and deletes its row in identity_values.
absl::Status VacateIdentity(const mysql::Tx& tx, const v1::Identity& identity);

// Returns the keys of at most `limit` identities of the channel with this
// normalised value, in any namespace.
absl::StatusOr<std::vector<std::string>> SelectKeysOfValue(
    const mysql::Tx& tx, v1::Channel channel, const std::string& normalized,
    int32_t limit);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_ROW_H_
