#ifndef KITH_CONTACTS_SVC_GROUPS_NOT_SAME_ROW_H_
#define KITH_CONTACTS_SVC_GROUPS_NOT_SAME_ROW_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// What people have said of two contacts, in `not_same`: that they are not one.
// Written under the locks of canonical_lock, so that no merge overlooks it.

// Notes it of a pair; nothing where it is noted already.
absl::Status AddNotSame(mysql::Session& session, uint64_t tenant_id,
                        const base::Uuid& a, const base::Uuid& b,
                        const v1::MergeReversal& said);

// Takes it back.
absl::Status DeleteNotSame(mysql::Session& session, uint64_t tenant_id,
                           const base::Uuid& a, const base::Uuid& b);

// Whether it was said of one of `some` and one of `others`. Give the smaller
// side first: a statement reads 500 of it, and one that has been said of 500
// times costs a statement more for each 500 of `others`.
absl::StatusOr<bool> AnyNotSame(mysql::Session& session, uint64_t tenant_id,
                                std::vector<base::Uuid> some,
                                const std::vector<base::Uuid>& others);

// Of which of `others` it was said, with one contact.
absl::StatusOr<absl::flat_hash_set<base::Uuid>> SelectNotSame(
    mysql::Session& session, uint64_t tenant_id, const base::Uuid& contact,
    const std::vector<base::Uuid>& others);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_NOT_SAME_ROW_H_
