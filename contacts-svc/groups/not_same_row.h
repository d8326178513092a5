#ifndef KITH_CONTACTS_SVC_GROUPS_NOT_SAME_ROW_H_
#define KITH_CONTACTS_SVC_GROUPS_NOT_SAME_ROW_H_

#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "kith/contacts/v1/group.pb.h"

namespace kith::contacts {

// NOT_SAME marks between two contacts (table `not_same`): a person has stated
// that they are not the same customer. Writers must hold the locks of both
// groups (canonical_lock.h), so that no merge overlooks a mark.

// Adds a mark; no-op if it exists.
absl::Status AddNotSame(const mysql::Tx& tx, const base::Uuid& a,
                        const base::Uuid& b, const v1::MergeReversal& said);

// Deletes a mark; no-op if there is none.
absl::Status DeleteNotSame(const mysql::Tx& tx, const base::Uuid& a,
                           const base::Uuid& b);

// Returns true if any of `some` is marked not-same with any of `others`. Pass
// the smaller side first: one statement reads the marks of 500 contacts of
// `some`. If these have 500 marks or more, the function also runs one statement
// for each 500 of `others`.
absl::StatusOr<bool> AnyNotSame(const mysql::Tx& tx,
                                std::vector<base::Uuid> some,
                                const std::vector<base::Uuid>& others);

// Returns those of `others` that are marked not-same with `contact`.
absl::StatusOr<absl::flat_hash_set<base::Uuid>> SelectNotSame(
    const mysql::Tx& tx, const base::Uuid& contact,
    const std::vector<base::Uuid>& others);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_NOT_SAME_ROW_H_
