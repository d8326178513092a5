#include "identity-svc/identity_row.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "common/mysql/errors.h"
#include "common/mysql/lists.h"
#include "common/status/status_macros.h"
#include "identity-svc/keyed_query.h"
#include "identity-svc/quarantine/quarantine_row.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using mysql::Tx;

const mysql::Statement kSelectIdentities(
    "SELECT identity_key, channel, namespace, value, normalized, rules, "
    "alias_of, create_micros, quarantine FROM identities "
    "WHERE tenant_id = ? AND identity_key IN (:list)");

const mysql::Statement kLockIdentity(
    "SELECT version, rules, alias_of FROM identities "
    "WHERE tenant_id = ? AND identity_key = ? FOR UPDATE");

const mysql::Statement kSelectCreateTime(
    "SELECT create_micros FROM identities "
    "WHERE tenant_id = ? AND identity_key = ?");

const mysql::Statement kMoveVersion(
    "UPDATE identities SET version = ? "
    "WHERE tenant_id = ? AND identity_key = ?");

const mysql::Statement kInsertIdentity(
    "INSERT INTO identities (tenant_id, identity_key, channel, namespace, "
    "value, normalized, create_micros, rules) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

const mysql::Statement kRewriteIdentity(
    "UPDATE identities SET channel = ?, namespace = ?, value = ?, "
    "normalized = ?, create_micros = ?, rules = ?, alias_of = ?, "
    "quarantine = NULL WHERE tenant_id = ? AND identity_key = ?");

const mysql::Statement kWriteRules(
    "UPDATE identities SET rules = ?, alias_of = NULL "
    "WHERE tenant_id = ? AND identity_key = ?");

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
  ShowQuarantine(row, 8, identity);
  return identity;
}

const mysql::Statement kWriteUnchanged(
    "UPDATE identities SET rules = ? WHERE rules BETWEEN 1 AND ? AND "
    "alias_of IS NULL AND tenant_id = ? AND identity_key IN (:list)");

std::string AliasFrom(const mysql::Row& row, int column) {
  return row.IsNull(column) ? "" : KeyHex(row.Bytes(column));
}

// Inserts or deletes the row that leads from the normalised value to the key.
absl::Status ChangeValue(const Tx& tx, const mysql::Statement& change,
                         const v1::Identity& identity) {
  if (!NeedsNamespace(identity.channel())) return absl::OkStatus();
  return tx.session
      .Execute(change,
               {tx.tenant_id(), identity.channel(), identity.normalized_value(),
                KeyBytes(identity.identity_key())})
      .status();
}

// Writes all of a row but its version.
absl::Status Rewrite(const Tx& tx, const v1::Identity& identity, int rules,
                     const std::string& alias_of, int64_t create_micros) {
  const std::string alias = KeyBytes(alias_of);
  return tx.session
      .Execute(kRewriteIdentity,
               {identity.channel(), identity.namespace_(), identity.value(),
                identity.normalized_value(), create_micros, rules,
                alias.empty() ? mysql::Param(nullptr) : mysql::Param(alias),
                tx.tenant_id(), KeyBytes(identity.identity_key())})
      .status();
}

}  // namespace

const mysql::Statement kInsertValue(
    "INSERT INTO identity_values "
    "(tenant_id, channel, normalized, identity_key) VALUES (?, ?, ?, ?)");

const mysql::Statement kDeleteValue(
    "DELETE FROM identity_values WHERE tenant_id = ? "
    "AND channel = ? AND normalized = ? AND identity_key = ?");

absl::StatusOr<absl::flat_hash_map<std::string, v1::Identity>> SelectIdentities(
    const Tx& tx, const std::vector<std::string>& keys, Aliases* aliases,
    CreateTimes* created) {
  absl::flat_hash_map<std::string, v1::Identity> identities;
  KITH_RETURN_IF_ERROR(
      QueryByKeys(tx, kSelectIdentities, keys, [&](const mysql::Row& row) {
        if (row.Int(5) == 0) return;
        v1::Identity identity = IdentityFrom(row);
        if (aliases != nullptr && !row.IsNull(6)) {
          (*aliases)[identity.identity_key()] = AliasFrom(row, 6);
        }
        if (created != nullptr) {
          (*created)[identity.identity_key()] = row.Int(7);
        }
        identities[identity.identity_key()] = std::move(identity);
      }));
  return identities;
}

absl::StatusOr<IdentityState> LockIdentity(const Tx& tx,
                                           const std::string& key) {
  IdentityState state;
  KITH_RETURN_IF_ERROR(
      tx.session.Query(kLockIdentity, {tx.tenant_id(), KeyBytes(key)},
                       [&](const mysql::Row& row) {
                         state = {.version = row.Unsigned(0),
                                  .rules = static_cast<int>(row.Int(1)),
                                  .alias_of = AliasFrom(row, 2)};
                       }));
  return state;
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
  KITH_RETURN_IF_ERROR(mysql::RetryIfDuplicate(
      tx.session
          .Execute(kInsertIdentity,
                   {tx.tenant_id(), KeyBytes(identity.identity_key()),
                    identity.channel(), identity.namespace_(), identity.value(),
                    identity.normalized_value(), absl::ToUnixMicros(tx.now),
                    kReadingRules})
          .status()));
  return ChangeValue(tx, kInsertValue, identity);
}

absl::Status RewriteIdentity(const Tx& tx, const v1::Identity& identity,
                             const std::string& alias_of, int64_t create_micros,
                             bool was_vacant) {
  KITH_RETURN_IF_ERROR(
      Rewrite(tx, identity, kReadingRules, alias_of, create_micros));
  return was_vacant ? ChangeValue(tx, kInsertValue, identity)
                    : absl::OkStatus();
}

absl::Status WriteRules(const Tx& tx, const std::string& key) {
  return tx.session
      .Execute(kWriteRules, {kReadingRules, tx.tenant_id(), KeyBytes(key)})
      .status();
}

absl::Status WriteUnchanged(const Tx& tx,
                            const std::vector<std::string>& keys) {
  std::vector<std::string> bytes;
  for (const std::string& key : keys) bytes.push_back(KeyBytes(key));
  const std::vector<absl::string_view> listed(bytes.begin(), bytes.end());
  return mysql::ExecuteListed(
      tx.session, kWriteUnchanged,
      {kReadingRules, kReadingRules - 1, tx.tenant_id()}, listed);
}

absl::Status VacateIdentity(const Tx& tx, const v1::Identity& identity) {
  v1::Identity nothing;
  nothing.set_identity_key(identity.identity_key());
  nothing.set_channel(identity.channel());
  KITH_RETURN_IF_ERROR(Rewrite(tx, nothing, 0, "", 0));
  return ChangeValue(tx, kDeleteValue, identity);
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
