#ifndef KITH_CONTACTS_SVC_GROUPS_GROUP_ROW_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUP_ROW_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "contacts-svc/members/contact_row.h"

namespace kith::contacts {

// Who stands for whom, in `contacts` and its lookup `group_members`. What
// writes does so under the locks of canonical_lock.

// The largest group.
constexpr int64_t kMaxGroupSize = 10'000;

// The most member ids that one answer carries.
constexpr int64_t kMaxMembersRead = 50'000;

// By (tenant_id, canonical_id, contact_id), into group_members.
extern const mysql::Statement kInsertMember;

// By canonical id, the other members; at most kMaxMembersRead in all.
using OtherMembers = absl::flat_hash_map<base::Uuid, std::vector<base::Uuid>>;
absl::StatusOr<OtherMembers> SelectOtherMembers(
    mysql::Session& session, uint64_t tenant_id,
    const std::vector<base::Uuid>& canonical_ids);

// All ids of a group; nothing is read of one that is alone.
absl::StatusOr<std::vector<base::Uuid>> SelectMembers(
    mysql::Session& session, uint64_t tenant_id, const ContactRow& canonical);

// The rows of these ids that are there, in no order.
absl::StatusOr<std::vector<ContactRow>> SelectRows(
    mysql::Session& session, uint64_t tenant_id,
    const std::vector<base::Uuid>& ids);

// By id, its canonical id.
absl::StatusOr<absl::flat_hash_map<base::Uuid, base::Uuid>> SelectCanonicalIds(
    mysql::Session& session, uint64_t tenant_id,
    const std::vector<base::Uuid>& ids);

// Lets `members`, of whom `from` has been canonical, stand under `to`, which is
// not among them. Touches no other member of either.
absl::Status MoveMembers(mysql::Session& session, uint64_t tenant_id,
                         const base::Uuid& from, const base::Uuid& to,
                         const std::vector<base::Uuid>& members);

// Writes what the canonical row says of its group, and moves its version on.
absl::Status WriteGroup(mysql::Session& session, uint64_t tenant_id,
                        ContactRow& canonical);

// Moves the version of a canonical row on.
absl::Status TouchGroup(mysql::Session& session, uint64_t tenant_id,
                        ContactRow& canonical);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUP_ROW_H_
