#include "identity-svc/identity_row.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "common/mysql/errors.h"
#include "common/status/status_macros.h"
#include "identity-svc/keyed_query.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using mysql::Tx;

const mysql::Statement kSelectIdentities(
    "SELECT identity_key, channel, namespace, value, normalized "
    "FROM identities WHERE tenant_id = ? AND identity_key IN (:list)");

const mysql::Statement kLockIdentity(
    "SELECT version FROM identities "
    "WHERE tenant_id = ? AND identity_key = ? FOR UPDATE");

const mysql::Statement kSelectCreateTime(
    "SELECT create_micros FROM identities "
    "WHERE tenant_id = ? AND identity_key = ?");

const mysql::Statement kMoveVersion(
    "UPDATE identities SET version = ? "
    "WHERE tenant_id = ? AND identity_key = ?");

const mysql::Statement kInsertIdentity(
    "INSERT INTO identities (tenant_id, identity_key, channel, namespace, "
    "value, normalized, create_micros) VALUES (?, ?, ?, ?, ?, ?, ?)");

const mysql::Statement kSelectKeysOfValue(
    "SELECT identity_key FROM identity_values "
    "WHERE tenant_id = ? AND channel = ? AND normalized = ? "
    "ORDER BY identity_key LIMIT ?");

v1::Identity IdentityFrom(const mysql::Row& row) {
  v1::Identity identity;
  identity.set_identity_key(KeyHex(row.Bytes(0)));
  identity.set_channel(static_cast<v1::Channel>(row.Int(1)));
  identity.set_namespace_(row.Bytes(2));
  identity.set_value(row.Bytes(3));
  identity.set_normalized_value(row.Bytes(4));
  return identity;
}

}  // namespace

const mysql::Statement kInsertValue(
    "INSERT INTO identity_values "
    "(tenant_id, channel, normalized, identity_key) VALUES (?, ?, ?, ?)");

absl::StatusOr<absl::flat_hash_map<std::string, v1::Identity>> SelectIdentities(
    const Tx& tx, const std::vector<std::string>& keys) {
  absl::flat_hash_map<std::string, v1::Identity> identities;
  KITH_RETURN_IF_ERROR(
      QueryByKeys(tx, kSelectIdentities, keys, [&](const mysql::Row& row) {
        v1::Identity identity = IdentityFrom(row);
        identities[identity.identity_key()] = std::move(identity);
      }));
  return identities;
}

absl::StatusOr<uint64_t> LockIdentity(const Tx& tx, const std::string& key) {
  uint64_t version = 0;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kLockIdentity, {tx.tenant_id(), KeyBytes(key)},
      [&](const mysql::Row& row) { version = row.Unsigned(0); }));
  return version;
}

absl::StatusOr<int64_t> SelectCreateMicros(const Tx& tx,
                                           const std::string& key) {
  int64_t micros = 0;
  KITH_RETURN_IF_ERROR(
      tx.session.Query(kSelectCreateTime, {tx.tenant_id(), KeyBytes(key)},
                       [&](const mysql::Row& row) { micros = row.Int(0); }));
  return micros;
}

absl::Status MoveVersion(const Tx& tx, const std::string& key,
                         uint64_t version) {
  return tx.session
      .Execute(kMoveVersion, {version, tx.tenant_id(), KeyBytes(key)})
      .status();
}

absl::Status InsertIdentity(const Tx& tx, const v1::Identity& identity) {
  const std::string key = KeyBytes(identity.identity_key());
  KITH_RETURN_IF_ERROR(mysql::RetryIfDuplicate(
      tx.session
          .Execute(kInsertIdentity,
                   {tx.tenant_id(), key, identity.channel(),
                    identity.namespace_(), identity.value(),
                    identity.normalized_value(), absl::ToUnixMicros(tx.now)})
          .status()));
  if (!NeedsNamespace(identity.channel())) return absl::OkStatus();
  return tx.session
      .Execute(kInsertValue, {tx.tenant_id(), identity.channel(),
                              identity.normalized_value(), key})
      .status();
}

absl::StatusOr<std::vector<std::string>> SelectKeysOfValue(
    const Tx& tx, v1::Channel channel, const std::string& normalized,
    int32_t limit) {
  std::vector<std::string> keys;
  KITH_RETURN_IF_ERROR(tx.session.Query(
      kSelectKeysOfValue, {tx.tenant_id(), channel, normalized, limit},
      [&](const mysql::Row& row) { keys.push_back(KeyHex(row.Bytes(0))); }));
  return keys;
}

}  // namespace kith::identity
