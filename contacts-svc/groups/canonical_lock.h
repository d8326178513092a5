#ifndef KITH_CONTACTS_SVC_GROUPS_CANONICAL_LOCK_H_
#define KITH_CONTACTS_SVC_GROUPS_CANONICAL_LOCK_H_

#include <map>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "contacts-svc/members/contact_row.h"

namespace kith::contacts {

// The groups of the contacts that WithLockedGroups was called with. The
// transaction has locked the rows of their canonical contacts, so no other
// transaction changes these groups until it ends. For one thread.
class LockedGroups {
 public:
  LockedGroups(absl::flat_hash_map<base::Uuid, base::Uuid> canonical_ids,
               std::map<base::Uuid, ContactRow> canonical)
      : canonical_ids_(std::move(canonical_ids)),
        canonical_(std::move(canonical)) {}

  // Returns the canonical row of the group of `id`, which must be one of the
  // ids that WithLockedGroups was called with.
  ContactRow& Of(const base::Uuid& id) {
    return canonical_.at(canonical_ids_.at(id));
  }

  // Returns the locked canonical rows by their ids, one for each group.
  std::map<base::Uuid, ContactRow>& canonical() { return canonical_; }

 private:
  absl::flat_hash_map<base::Uuid, base::Uuid> canonical_ids_;
  std::map<base::Uuid, ContactRow> canonical_;
};

// Locks the groups of `ids` and runs `work` in the same transaction, with the
// rules of mysql::Transact; so `work` must be repeatable. Returns the status of
// `work`; NOT_FOUND if a contact does not exist; ABORTED if the locks could not
// be taken by the deadline.
//
// The lock of a group is the row of its canonical contact. Every write to a
// member's row, and to any data of a group, is made under this lock.
//
// Locks are taken in id order. If a locked contact is no longer canonical (it
// was merged meanwhile), all locks are released at once and the whole
// acquisition is retried until the deadline. So no transaction waits while it
// holds a useless lock, there are no deadlocks between groups, and some
// transaction always makes progress.
absl::Status WithLockedGroups(
    const mysql::Tx& tx, const std::vector<base::Uuid>& ids,
    absl::FunctionRef<absl::Status(LockedGroups&)> work);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_CANONICAL_LOCK_H_
