#include "contacts-svc/groups/group_row.h"

#include "common/base/times.h"
#include "common/mysql/lists.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/group_errors.h"
#include "contacts-svc/members/contact_table.h"

namespace kith::contacts {
namespace {

using base::BytesOf;
using base::Uuid;
using mysql::Param;
using mysql::Tx;

// The LIMIT is never reached: callers know the sizes of the groups.
const mysql::Statement kSelectMembers(
    "SELECT canonical_id, contact_id FROM group_members "
    "WHERE tenant_id = ? AND canonical_id IN (:list) LIMIT 50000");

const mysql::Statement kSelectCanonicalIds(
    "SELECT contact_id, canonical_id FROM contacts "
    "WHERE tenant_id = ? AND contact_id IN (:list)");

const mysql::Statement kMoveContacts(
    "UPDATE contacts SET canonical_id = ?, delete_micros = NULL, "
    "version = version + 1 WHERE tenant_id = ? AND contact_id IN (:list)");

const mysql::Statement kDeleteMembers(
    "DELETE FROM group_members "
    "WHERE tenant_id = ? AND canonical_id = ? AND contact_id IN (:list)");

const mysql::Statement kWriteGroup(
    "UPDATE contacts SET canonical_id = ?, group_size = ?, group_edges = ?, "
    "edge_order = ?, delete_micros = ?, version = version + 1 "
    "WHERE tenant_id = ? AND contact_id = ?");

const mysql::Statement kTouchGroup(
    "UPDATE contacts SET version = version + 1 "
    "WHERE tenant_id = ? AND contact_id = ?");

}  // namespace

const mysql::Statement kInsertMember(
    "INSERT INTO group_members (tenant_id, canonical_id, contact_id) "
    "VALUES (?, ?, ?)");

absl::StatusOr<OtherMembers> SelectOtherMembers(
    const Tx& tx, const std::vector<Uuid>& canonical_ids) {
  OtherMembers members;
  KITH_RETURN_IF_ERROR(
      mysql::QueryListed(tx.session, kSelectMembers, {tx.tenant_id()},
                         BytesOf(canonical_ids), [&](const mysql::Row& row) {
                           members[Uuid::FromBytes(row.Bytes(0))].push_back(
                               Uuid::FromBytes(row.Bytes(1)));
                         }));
  return members;
}

absl::StatusOr<std::vector<Uuid>> SelectMembers(const Tx& tx,
                                                const Uuid& canonical_id) {
  KITH_ASSIGN_OR_RETURN(OtherMembers others,
                        SelectOtherMembers(tx, {canonical_id}));
  std::vector<Uuid> members = {canonical_id};
  const std::vector<Uuid>& ids = others[canonical_id];
  members.insert(members.end(), ids.begin(), ids.end());
  return members;
}

absl::StatusOr<std::vector<Uuid>> SelectMembers(const Tx& tx,
                                                const ContactRow& canonical) {
  if (canonical.alone()) return std::vector<Uuid>{canonical.id};
  return SelectMembers(tx, canonical.id);
}

absl::StatusOr<std::vector<ContactRow>> SelectRows(
    const Tx& tx, const std::vector<Uuid>& ids) {
  std::vector<ContactRow> rows;
  KITH_RETURN_IF_ERROR(mysql::QueryListed(
      tx.session, kSelectContacts, {tx.tenant_id()}, BytesOf(ids),
      [&](const mysql::Row& row) { rows.push_back(FromRow(row)); }));
  return rows;
}

absl::StatusOr<absl::flat_hash_map<Uuid, Uuid>> SelectCanonicalIds(
    const Tx& tx, const std::vector<Uuid>& ids) {
  absl::flat_hash_map<Uuid, Uuid> canonical_ids;
  KITH_RETURN_IF_ERROR(
      mysql::QueryListed(tx.session, kSelectCanonicalIds, {tx.tenant_id()},
                         BytesOf(ids), [&](const mysql::Row& row) {
                           canonical_ids[Uuid::FromBytes(row.Bytes(0))] =
                               Uuid::FromBytes(row.Bytes(1));
                         }));
  return canonical_ids;
}

absl::StatusOr<Uuid> SelectCanonicalId(const Tx& tx, const Uuid& id) {
  KITH_ASSIGN_OR_RETURN(const auto canonical_ids, SelectCanonicalIds(tx, {id}));
  const auto it = canonical_ids.find(id);
  if (it == canonical_ids.end()) return NoContactError("contact_id", id);
  return it->second;
}

absl::Status MoveMembers(const Tx& tx, const Uuid& from, const Uuid& to,
                         const std::vector<Uuid>& members) {
  KITH_RETURN_IF_ERROR(mysql::ExecuteListed(tx.session, kMoveContacts,
                                            {to.bytes(), tx.tenant_id()},
                                            BytesOf(members)));
  // `to` has a row where it was a member of `from`, and `from` has none.
  std::vector<Uuid> gone = members;
  gone.push_back(to);
  KITH_RETURN_IF_ERROR(mysql::ExecuteListed(tx.session, kDeleteMembers,
                                            {tx.tenant_id(), from.bytes()},
                                            BytesOf(gone)));
  for (const Uuid& member : members) {
    KITH_RETURN_IF_ERROR(
        tx.session
            .Execute(kInsertMember,
                     {tx.tenant_id(), to.bytes(), member.bytes()})
            .status());
  }
  return absl::OkStatus();
}

absl::Status WriteGroup(const Tx& tx, ContactRow& canonical) {
  ++canonical.version;
  return tx.session
      .Execute(kWriteGroup,
               {canonical.id.bytes(), canonical.group_size,
                canonical.group_edges, canonical.edge_order,
                canonical.contact.has_delete_time()
                    ? Param(base::ToMicros(canonical.contact.delete_time()))
                    : Param(nullptr),
                tx.tenant_id(), canonical.id.bytes()})
      .status();
}

absl::Status TouchGroup(const Tx& tx, ContactRow& canonical) {
  ++canonical.version;
  return tx.session.Execute(kTouchGroup, {tx.tenant_id(), canonical.id.bytes()})
      .status();
}

}  // namespace kith::contacts
