#include "identity-svc/lookups.h"

#include <string>

#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/keyed_query.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using mysql::LookupRows;
using mysql::Tx;

// What ranges over all tenants.

const mysql::Statement kIdentitiesBehind(
    "SELECT tenant_id, identity_key FROM identities "
    "WHERE tenant_id > ? OR (tenant_id = ? AND identity_key > ?) "
    "ORDER BY tenant_id, identity_key LIMIT ?",
    mysql::Mark::kMaintenance);

const mysql::Statement kHeldBehind(
    "SELECT tenant_id, identity_key FROM holdings "
    "WHERE tenant_id > ? OR (tenant_id = ? AND identity_key > ?) "
    "ORDER BY tenant_id, identity_key LIMIT ?",
    mysql::Mark::kMaintenance);

const mysql::Statement kContactIdentitiesBehind(
    "SELECT tenant_id, contact_id, identity_key FROM contact_identities "
    "WHERE tenant_id > ? OR (tenant_id = ? AND (contact_id > ? OR "
    "(contact_id = ? AND identity_key > ?))) "
    "ORDER BY tenant_id, contact_id, identity_key LIMIT ?",
    mysql::Mark::kMaintenance);

const mysql::Statement kValuesBehind(
    "SELECT tenant_id, channel, normalized, identity_key FROM identity_values "
    "WHERE tenant_id > ? OR (tenant_id = ? AND (channel > ? OR "
    "(channel = ? AND (normalized > ? OR "
    "(normalized = ? AND identity_key > ?))))) "
    "ORDER BY tenant_id, channel, normalized, identity_key LIMIT ?",
    mysql::Mark::kMaintenance);

// Of one row; those that are not here are the writers'.

const mysql::Statement kFindContactIdentity(
    "SELECT identity_key FROM contact_identities "
    "WHERE tenant_id = ? AND contact_id = ? AND identity_key = ?");

const mysql::Statement kFindValue(
    "SELECT identity_key FROM identity_values WHERE tenant_id = ? "
    "AND channel = ? AND normalized = ? AND identity_key = ?");

const mysql::Statement kDeleteValue(
    "DELETE FROM identity_values WHERE tenant_id = ? "
    "AND channel = ? AND normalized = ? AND identity_key = ?");

std::vector<std::string> Keys(const std::vector<std::string>& owners) {
  std::vector<std::string> keys;
  for (const std::string& owner : owners) keys.push_back(KeyHex(owner));
  return keys;
}

absl::StatusOr<LookupRows> HoldersOf(const Tx& tx,
                                     const std::vector<std::string>& owners) {
  KITH_ASSIGN_OR_RETURN(const auto held, SelectHoldings(tx, Keys(owners)));
  LookupRows rows;
  for (const auto& [key, holdings] : held) {
    for (const Holding& holding : holdings) {
      if (holding.end_micros.has_value()) continue;
      rows.insert({tx.tenant_id(), std::string(holding.contact_id.bytes()),
                   KeyBytes(key)});
    }
  }
  return rows;
}

absl::StatusOr<LookupRows> ValuesOf(const Tx& tx,
                                    const std::vector<std::string>& owners) {
  KITH_ASSIGN_OR_RETURN(const auto identities,
                        SelectIdentities(tx, Keys(owners)));
  LookupRows rows;
  for (const auto& [key, identity] : identities) {
    if (!NeedsNamespace(identity.channel())) continue;
    rows.insert({tx.tenant_id(), static_cast<uint64_t>(identity.channel()),
                 identity.normalized_value(), KeyBytes(key)});
  }
  return rows;
}

// All of an identity is written under the lock of its row.
absl::Status OnIdentity(const Tx& tx, const std::string& owner,
                        absl::FunctionRef<absl::Status()> work) {
  return mysql::Transact(tx, [&]() -> absl::Status {
    KITH_RETURN_IF_ERROR(LockIdentity(tx, KeyHex(owner)).status());
    return work();
  });
}

}  // namespace

std::vector<mysql::Lookup> Lookups() {
  return {{.table = "contact_identities",
           .least = {uint64_t{0}, "", ""},
           .owners = kHeldBehind,
           .rows = kContactIdentitiesBehind,
           .find = kFindContactIdentity,
           .insert = kInsertContactIdentity,
           .remove = kDeleteContactIdentity,
           .wanted = HoldersOf,
           .locked = OnIdentity},
          {.table = "identity_values",
           .least = {uint64_t{0}, uint64_t{0}, "", ""},
           .owners = kIdentitiesBehind,
           .rows = kValuesBehind,
           .find = kFindValue,
           .insert = kInsertValue,
           .remove = kDeleteValue,
           .wanted = ValuesOf,
           .locked = OnIdentity}};
}

}  // namespace kith::identity
