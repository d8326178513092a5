#include "identity-svc/lookups.h"

#include <string>
#include <vector>

#include "common/base/uuid.h"
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

const mysql::Statement kIdentitiesAfter(
    mysql::KeysAfterSql("identities", {"tenant_id", "identity_key"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kHeldAfter(
    mysql::KeysAfterSql("holdings", {"tenant_id", "identity_key"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kContactIdentitiesAfter(
    mysql::KeysAfterSql("contact_identities",
                        {"tenant_id", "contact_id", "identity_key"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kPastIdentitiesAfter(
    mysql::KeysAfterSql("past_identities",
                        {"tenant_id", "contact_id", "identity_key"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kValuesAfter(
    mysql::KeysAfterSql("identity_values",
                        {"tenant_id", "channel", "normalized", "identity_key"}),
    mysql::Mark::kMaintenance);

// Of one row; those that are not here are the writers'.

const mysql::Statement kFindContactIdentity(
    "SELECT identity_key FROM contact_identities "
    "WHERE tenant_id = ? AND contact_id = ? AND identity_key = ?");

const mysql::Statement kFindValue(
    "SELECT identity_key FROM identity_values WHERE tenant_id = ? "
    "AND channel = ? AND normalized = ? AND identity_key = ?");

std::vector<std::string> Keys(const std::vector<std::string>& owners) {
  std::vector<std::string> keys;
  for (const std::string& owner : owners) keys.push_back(KeyHex(owner));
  return keys;
}

// The contacts that `contacts_of` has for each holding.
template <typename Contacts>
absl::StatusOr<LookupRows> SelectContacts(
    const Tx& tx, const std::vector<std::string>& owners,
    Contacts contacts_of) {
  KITH_ASSIGN_OR_RETURN(const auto held, SelectHoldings(tx, Keys(owners)));
  LookupRows rows;
  for (const auto& [key, holdings] : held) {
    for (const Holding& holding : holdings) {
      const std::vector<base::Uuid> contacts = contacts_of(holding);
      for (const base::Uuid& contact : contacts) {
        rows.insert(
            {tx.tenant_id(), std::string(contact.bytes()), KeyBytes(key)});
      }
    }
  }
  return rows;
}

absl::StatusOr<LookupRows> HoldersOf(const Tx& tx,
                                     const std::vector<std::string>& owners) {
  return SelectContacts(tx, owners, [](const Holding& holding) {
    return holding.end_micros.has_value() ? std::vector<base::Uuid>()
                                          : ContactsOf(holding);
  });
}

absl::StatusOr<LookupRows> PastHoldersOf(
    const Tx& tx, const std::vector<std::string>& owners) {
  return SelectContacts(tx, owners, PastContactsOf);
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
           .owners = kHeldAfter,
           .rows = kContactIdentitiesAfter,
           .find = kFindContactIdentity,
           .insert = kInsertContactIdentity,
           .remove = kDeleteContactIdentity,
           .wanted = HoldersOf,
           .locked = OnIdentity},
          {.table = "past_identities",
           .least = {uint64_t{0}, "", ""},
           .owners = kHeldAfter,
           .rows = kPastIdentitiesAfter,
           .find = kFindPastIdentity,
           .insert = kInsertPastIdentity,
           .remove = kDeletePastIdentity,
           .wanted = PastHoldersOf,
           .locked = OnIdentity},
          {.table = "identity_values",
           .least = {uint64_t{0}, uint64_t{0}, "", ""},
           .owners = kIdentitiesAfter,
           .rows = kValuesAfter,
           .find = kFindValue,
           .insert = kInsertValue,
           .remove = kDeleteValue,
           .wanted = ValuesOf,
           .locked = OnIdentity}};
}

}  // namespace kith::identity
