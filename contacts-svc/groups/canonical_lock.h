#ifndef KITH_CONTACTS_SVC_GROUPS_CANONICAL_LOCK_H_
#define KITH_CONTACTS_SVC_GROUPS_CANONICAL_LOCK_H_

#include <map>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "contacts-svc/members/contact_row.h"

namespace kith::contacts {

// The groups of some contacts, which nobody else changes meanwhile: the rows of
// their canonical contacts are locked.
class LockedGroups {
 public:
  LockedGroups(absl::flat_hash_map<base::Uuid, base::Uuid> canonical_ids,
               std::map<base::Uuid, ContactRow> canonical)
      : canonical_ids_(std::move(canonical_ids)),
        canonical_(std::move(canonical)) {}

  // The canonical row of the group of a contact that was asked for.
  ContactRow& Of(const base::Uuid& id) {
    return canonical_.at(canonical_ids_.at(id));
  }

  // Each once, by id.
  std::map<base::Uuid, ContactRow>& canonical() { return canonical_; }

 private:
  absl::flat_hash_map<base::Uuid, base::Uuid> canonical_ids_;
  std::map<base::Uuid, ContactRow> canonical_;
};

// Runs `work` in one transaction that has locked the groups of `ids`; as
// mysql::Transact otherwise, so `work` must be repeatable. NOT_FOUND where a
// contact is not there.
//
// Every write to a member's row, and to all that belongs to a group, is made
// under this lock: the row of its canonical contact. Locks are taken one by one
// in the order of ids, and each is given up at once where it turns out that its
// contact stands for nobody any more. So nobody waits while holding what is not
// of use to them, and there is no deadlock among groups. Who comes too late
// starts over until the deadline; somebody always gets on.
absl::Status OnGroups(const base::RequestContext& context,
                      mysql::Session& session,
                      const std::vector<base::Uuid>& ids,
                      absl::FunctionRef<absl::Status(LockedGroups&)> work);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_CANONICAL_LOCK_H_
