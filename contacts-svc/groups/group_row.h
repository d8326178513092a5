#ifndef KITH_CONTACTS_SVC_GROUPS_GROUP_ROW_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUP_ROW_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/statement.h"
#include "common/mysql/tx.h"
#include "contacts-svc/members/contact_row.h"

namespace kith::contacts {

// Which contact is canonical for which members: `contacts.canonical_id` and the
// lookup table `group_members`. Writers must hold the group's lock
// (canonical_lock.h).

// Most member ids in one answer.
constexpr int64_t kMaxMembersRead = 50'000;

// Inserts into group_members. Bound: tenant_id, canonical_id, contact_id.
extern const mysql::Statement kInsertMember;

// Members by canonical id, without the canonical contacts. Groups without other
// members are missing. The groups must have at most kMaxMembersRead members in
// all.
using OtherMembers = absl::flat_hash_map<base::Uuid, std::vector<base::Uuid>>;
absl::StatusOr<OtherMembers> SelectOtherMembers(
    const mysql::Tx& tx, const std::vector<base::Uuid>& canonical_ids);

// Returns the ids of all members, the canonical contact first.
absl::StatusOr<std::vector<base::Uuid>> SelectMembers(
    const mysql::Tx& tx, const base::Uuid& canonical_id);

// The same for a group whose canonical row is known. Runs no statement if the
// group has no other member.
absl::StatusOr<std::vector<base::Uuid>> SelectMembers(
    const mysql::Tx& tx, const ContactRow& canonical);

// Returns the rows that exist, in no particular order.
absl::StatusOr<std::vector<ContactRow>> SelectRows(
    const mysql::Tx& tx, const std::vector<base::Uuid>& ids);

// Returns the canonical id of each contact that exists, by contact id.
absl::StatusOr<absl::flat_hash_map<base::Uuid, base::Uuid>> SelectCanonicalIds(
    const mysql::Tx& tx, const std::vector<base::Uuid>& ids);

// Returns the canonical id of one contact. NOT_FOUND if there is no such
// contact; the error names the field contact_id.
absl::StatusOr<base::Uuid> SelectCanonicalId(const mysql::Tx& tx,
                                             const base::Uuid& id);

// Makes `to` the canonical contact of `members`, whose canonical contact is
// `from`. `to` must not be in `members`. Changes no other member of the two
// groups. Also clears the delete times of the moved rows and adds 1 to their
// versions.
absl::Status MoveMembers(const mysql::Tx& tx, const base::Uuid& from,
                         const base::Uuid& to,
                         const std::vector<base::Uuid>& members);

// Writes the group's columns of the canonical row (canonical_id, group_size,
// group_edges, edge_order, delete time) and adds 1 to its version, also in
// `canonical`.
absl::Status WriteGroup(const mysql::Tx& tx, ContactRow& canonical);

// Adds 1 to the version of the canonical row, also in `canonical`.
absl::Status TouchGroup(const mysql::Tx& tx, ContactRow& canonical);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUP_ROW_H_
