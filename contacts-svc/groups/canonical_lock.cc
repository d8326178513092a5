#include "contacts-svc/groups/canonical_lock.h"

#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/mysql/errors.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/group_errors.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/members/contact_table.h"

// How the groups of some contacts are locked. A map holds, for each contact,
// the id of its presumed canonical contact; at first the contact itself, so
// that a contact that is not merged is not read before it is locked. Each
// attempt is one transaction:
// - It locks the rows of the presumed canonical contacts, one by one, in id
//   order. If a locked row names another canonical contact, the attempt puts
//   that one into the map and ends; the end of the transaction releases all
//   locks.
// - It then reads the canonical ids of all contacts that are not presumed to be
//   canonical themselves. A contact may have changed groups before the locks
//   were taken. If one has, the attempt corrects the map and ends.
// - Else the map is right and stays right while the locks are held, because a
//   contact changes groups only under the lock of its group. `work` runs.
//
// Attempts are repeated until one runs `work` or the deadline has passed. Each
// starts with the map that the last one corrected.

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

// One try at the locks, in a transaction.
class LockAttempt {
 public:
  // `canonical_ids` is what is believed so far, by contact.
  LockAttempt(const Tx& tx, absl::flat_hash_map<Uuid, Uuid>& canonical_ids)
      : tx_(tx), canonical_ids_(canonical_ids) {}

  // The locked rows; nullopt where the belief was wrong, and has been mended.
  absl::StatusOr<std::optional<std::map<Uuid, ContactRow>>> Lock() {
    std::set<Uuid> wanted;
    for (const auto& [id, canonical_id] : canonical_ids_) {
      wanted.insert(canonical_id);
    }
    std::map<Uuid, ContactRow> rows;
    for (const Uuid& id : wanted) {
      KITH_ASSIGN_OR_RETURN(ContactRow row, LockRow(id));
      if (!row.canonical()) {
        Believe(id, row.canonical_id);
        return std::nullopt;
      }
      rows.emplace(id, std::move(row));
    }
    KITH_ASSIGN_OR_RETURN(const bool right, Check());
    if (!right) return std::nullopt;
    return rows;
  }

 private:
  absl::StatusOr<ContactRow> LockRow(const Uuid& id) {
    std::optional<ContactRow> locked;
    KITH_RETURN_IF_ERROR(tx_.session.Query(
        kLockContact, {tx_.tenant_id(), id.bytes()},
        [&](const mysql::Row& row) { locked = FromRow(row); }));
    if (locked.has_value()) return *std::move(locked);
    return NoContactError("contact_id", id);
  }

  void Believe(const Uuid& before, const Uuid& now) {
    for (auto& [id, canonical_id] : canonical_ids_) {
      if (canonical_id == before) canonical_id = now;
    }
  }

  // Whether those that do not stand for themselves still point to rows that are
  // locked now.
  absl::StatusOr<bool> Check() {
    std::vector<Uuid> others;
    for (const auto& [id, canonical_id] : canonical_ids_) {
      if (id != canonical_id) others.push_back(id);
    }
    KITH_ASSIGN_OR_RETURN(const auto stored, SelectCanonicalIds(tx_, others));
    bool right = true;
    for (const auto& [id, canonical_id] : stored) {
      right = right && canonical_ids_[id] == canonical_id;
      canonical_ids_[id] = canonical_id;
    }
    return right;
  }

  const Tx& tx_;
  absl::flat_hash_map<Uuid, Uuid>& canonical_ids_;
};

}  // namespace

absl::Status WithLockedGroups(
    const Tx& tx, const std::vector<Uuid>& ids,
    absl::FunctionRef<absl::Status(LockedGroups&)> work) {
  // Most contacts stand for themselves: no look before the lock.
  absl::flat_hash_map<Uuid, Uuid> canonical_ids;
  for (const Uuid& id : ids) canonical_ids[id] = id;
  absl::Status status;
  bool locked = false;
  do {
    status = mysql::Transact(tx, [&]() -> absl::Status {
      locked = false;
      LockAttempt attempt(tx, canonical_ids);
      KITH_ASSIGN_OR_RETURN(auto rows, attempt.Lock());
      if (!rows.has_value()) return absl::OkStatus();
      locked = true;
      LockedGroups groups(canonical_ids, *std::move(rows));
      return work(groups);
    });
    if (status.ok() ? locked : !mysql::IsLostRace(status)) return status;
  } while (absl::Now() < tx.context.deadline);
  return status.ok() ? absl::AbortedError(
                           "the contacts are merged and unmerged by others all "
                           "the time; try again")
                     : status;
}

}  // namespace kith::contacts
