#include "contacts-svc/lookups.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "common/base/uuid.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/canonical_lock.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/groups/merge_edge_row.h"
#include "contacts-svc/suggestions/match_finder.h"
#include "contacts-svc/suggestions/match_key_row.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::LookupRow;
using mysql::LookupRows;
using mysql::Tx;

// What ranges over all tenants.

const mysql::Statement kContactsAfter(
    mysql::KeysAfterSql("contacts", {"tenant_id", "contact_id"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kMergedAfter(
    mysql::KeysAfterSql("merge_edges", {"tenant_id", "contact_id"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kMembersAfter(
    mysql::KeysAfterSql("group_members",
                        {"tenant_id", "canonical_id", "contact_id"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kCausesAfter(
    mysql::KeysAfterSql("merge_causes",
                        {"tenant_id", "cause_kind", "cause_value", "edge_id",
                         "contact_id"}),
    mysql::Mark::kMaintenance);

const mysql::Statement kMatchKeysAfter(
    mysql::KeysAfterSql("match_keys", {"tenant_id", "match_key", "contact_id"}),
    mysql::Mark::kMaintenance);

// Of one row; those that are not here are the writers'.

const mysql::Statement kFindMember(
    "SELECT contact_id FROM group_members "
    "WHERE tenant_id = ? AND canonical_id = ? AND contact_id = ?");

const mysql::Statement kDeleteMember(
    "DELETE FROM group_members "
    "WHERE tenant_id = ? AND canonical_id = ? AND contact_id = ?");

const mysql::Statement kFindCause(
    "SELECT contact_id FROM merge_causes WHERE tenant_id = ? "
    "AND cause_kind = ? AND cause_value = ? AND edge_id = ? "
    "AND contact_id = ?");

const mysql::Statement kFindMatchKey(
    "SELECT contact_id FROM match_keys "
    "WHERE tenant_id = ? AND match_key = ? AND contact_id = ?");

std::string Bytes(const Uuid& id) { return std::string(id.bytes()); }

std::vector<Uuid> Ids(const std::vector<std::string>& owners) {
  std::vector<Uuid> ids;
  for (const std::string& owner : owners) ids.push_back(Uuid::FromBytes(owner));
  return ids;
}

absl::StatusOr<LookupRows> MembersOf(const Tx& tx,
                                     const std::vector<std::string>& owners) {
  KITH_ASSIGN_OR_RETURN(const auto canonical_ids,
                        SelectCanonicalIds(tx, Ids(owners)));
  LookupRows rows;
  for (const auto& [id, canonical_id] : canonical_ids) {
    if (id != canonical_id) {
      rows.insert({tx.tenant_id(), Bytes(canonical_id), Bytes(id)});
    }
  }
  return rows;
}

absl::StatusOr<LookupRows> CausesOf(const Tx& tx,
                                    const std::vector<std::string>& owners) {
  LookupRows rows;
  for (const Uuid& id : Ids(owners)) {
    KITH_ASSIGN_OR_RETURN(const std::vector<EdgeRow> edges,
                          SelectEdgesInForce(tx, {id}));
    for (const EdgeRow& edge : edges) {
      auto row = CauseRowOf(tx.tenant_id(), edge);
      if (row.has_value()) rows.insert(*std::move(row));
    }
  }
  return rows;
}

absl::StatusOr<LookupRows> MatchKeysOfAll(
    const Tx& tx, const std::vector<std::string>& owners) {
  KITH_ASSIGN_OR_RETURN(const std::vector<ContactRow> contacts,
                        SelectRows(tx, Ids(owners)));
  LookupRows rows;
  for (const ContactRow& contact : contacts) {
    for (const std::string& key : MatchKeysOf(contact.contact)) {
      rows.insert({tx.tenant_id(), key, Bytes(contact.id)});
    }
  }
  return rows;
}

// All of a contact is written under the lock of its canonical contact.
absl::Status OnGroupOf(const Tx& tx, const std::string& owner,
                       absl::FunctionRef<absl::Status()> work) {
  return WithLockedGroups(tx, {Uuid::FromBytes(owner)},
                          [&](LockedGroups& /*groups*/) { return work(); });
}

// With the suggestions that come of them.
absl::Status AddMatchKeys(const Tx& tx, const LookupRows& missing) {
  if (missing.empty()) return absl::OkStatus();
  std::set<std::string> keys;
  for (const LookupRow& row : missing)
    keys.insert(absl::get<std::string>(row[1]));
  const auto& owner = absl::get<std::string>(missing.begin()->back());
  return AddMatches(tx, keys, Uuid::FromBytes(owner));
}

}  // namespace

std::vector<mysql::Lookup> Lookups() {
  return {{.table = "group_members",
           .least = {uint64_t{0}, "", ""},
           .owners = kContactsAfter,
           .rows = kMembersAfter,
           .find = kFindMember,
           .insert = kInsertMember,
           .remove = kDeleteMember,
           .wanted = MembersOf,
           .locked = OnGroupOf},
          {.table = "merge_causes",
           .least = {uint64_t{0}, uint64_t{0}, "", "", ""},
           .owners = kMergedAfter,
           .rows = kCausesAfter,
           .find = kFindCause,
           .insert = kInsertCause,
           .remove = kDeleteCause,
           .wanted = CausesOf,
           .locked = OnGroupOf},
          {.table = "match_keys",
           .least = {uint64_t{0}, "", ""},
           .owners = kContactsAfter,
           .rows = kMatchKeysAfter,
           .find = kFindMatchKey,
           .insert = kInsertMatchKey,
           .remove = kDeleteMatchKey,
           .wanted = MatchKeysOfAll,
           .locked = OnGroupOf,
           .add = AddMatchKeys}};
}

}  // namespace kith::contacts
