#include "identity-svc/locked_identity.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/base/times.h"
#include "common/feed/outbox.h"
#include "common/status/status_macros.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/sharing/sharing.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;

changes::v1::Change ChangeOf(const LockedIdentity& locked,
                             const Holding& holding) {
  const v1::Identity& identity = locked.identity;
  const std::string contact_id = holding.contact_id.ToString();
  changes::v1::Change change;
  change.set_owner(identity.identity_key());
  change.set_owner_version(locked.version);
  if (holding.end_micros.has_value()) {
    changes::v1::IdentityUnlinked& ended = *change.mutable_identity_unlinked();
    ended.set_channel(identity.channel());
    ended.set_contact_id(contact_id);
    *ended.mutable_end_time() = base::ToProto(*holding.end_micros);
    return change;
  }
  changes::v1::IdentityLinked& begun = *change.mutable_identity_linked();
  begun.set_channel(identity.channel());
  begun.set_contact_id(contact_id);
  if (!IsFromEver(holding.start_micros)) {
    *begun.mutable_start_time() = base::ToProto(holding.start_micros);
  }
  begun.set_assurance(holding.assurance);
  return change;
}

changes::v1::Change SharingChangeOf(const LockedIdentity& locked,
                                    const Holding& holding,
                                    const std::vector<Uuid>& sharers,
                                    const std::vector<Uuid>& removed) {
  changes::v1::Change change;
  change.set_owner(locked.identity.identity_key());
  change.set_owner_version(locked.version);
  changes::v1::IdentitySharingChanged& sharing =
      *change.mutable_identity_sharing_changed();
  sharing.set_channel(locked.identity.channel());
  sharing.set_stand_in_contact_id(holding.contact_id.ToString());
  for (const Uuid& contact : sharers) {
    sharing.add_sharing_contact_ids(contact.ToString());
  }
  for (const Uuid& contact : removed) {
    sharing.add_removed_contact_ids(contact.ToString());
  }
  return change;
}

// Moves the value to its next version.
absl::Status NextVersion(const Tx& tx, LockedIdentity& locked) {
  ++locked.version;
  // A row that was just added counts its first change already.
  if (std::exchange(locked.added, false)) return absl::OkStatus();
  return MoveVersion(tx, locked.identity.identity_key(), locked.version);
}

absl::Status Write(const Tx& tx, const HoldingChange& change) {
  if (change.old_start_micros.has_value()) {
    return ChangeHolding(tx, change.identity_key, change.holding,
                         *change.old_start_micros);
  }
  return change.holding.end_micros.has_value()
             ? EndHolding(tx, change.identity_key, change.holding)
             : InsertHolding(tx, change.identity_key, change.holding);
}

}  // namespace

absl::StatusOr<LockedIdentity> Lock(const Tx& tx,
                                    const v1::Identity& identity) {
  const std::string& key = identity.identity_key();
  KITH_ASSIGN_OR_RETURN(const IdentityState own, LockIdentity(tx, key));
  LockedIdentity locked{
      .identity = identity, .version = own.version, .vacant = own.is_vacant()};
  if (own.alias_of.empty()) return locked;
  KITH_ASSIGN_OR_RETURN(const Holdings holdings, SelectHoldingsOf(tx, key));
  if (!holdings.empty()) return locked;
  KITH_ASSIGN_OR_RETURN(const IdentityState meant,
                        LockIdentity(tx, own.alias_of));
  if (!meant.exists() || meant.is_vacant()) return locked;
  locked.identity.set_identity_key(own.alias_of);
  locked.version = meant.version;
  return locked;
}

absl::StatusOr<LockedIdentity> LockOrInsert(const Tx& tx,
                                            const v1::Identity& identity) {
  KITH_ASSIGN_OR_RETURN(LockedIdentity locked, Lock(tx, identity));
  if (std::exchange(locked.vacant, false)) {
    KITH_RETURN_IF_ERROR(RewriteIdentity(
        tx, identity, "", absl::ToUnixMicros(tx.now), /*was_vacant=*/true));
  }
  if (locked.version > 0) return locked;
  KITH_RETURN_IF_ERROR(InsertIdentity(tx, identity));
  locked.added = true;
  return locked;
}

absl::Status MakeHoldingChanges(const Tx& tx, LockedIdentity& locked,
                                const Holding& holding,
                                std::vector<changes::v1::Change>& changes) {
  const bool has_ended = holding.end_micros.has_value();
  const std::vector<Uuid> sharers = SharersOf(holding.details.sharing());
  if (IsShared(holding) && has_ended) {
    KITH_RETURN_IF_ERROR(NextVersion(tx, locked));
    changes.push_back(SharingChangeOf(locked, holding, {}, sharers));
  }
  KITH_RETURN_IF_ERROR(NextVersion(tx, locked));
  changes.push_back(ChangeOf(locked, holding));
  if (IsShared(holding) && !has_ended) {
    KITH_RETURN_IF_ERROR(NextVersion(tx, locked));
    changes.push_back(SharingChangeOf(locked, holding, sharers, {}));
  }
  return absl::OkStatus();
}

absl::Status AddSharingChange(const Tx& tx, LockedIdentity& locked,
                              const Holding& holding,
                              const std::vector<Uuid>& removed) {
  KITH_RETURN_IF_ERROR(NextVersion(tx, locked));
  return feed::AddChanges(
      tx, {SharingChangeOf(locked, holding,
                           SharersOf(holding.details.sharing()), removed)});
}

absl::Status AddHoldingChange(const Tx& tx, LockedIdentity& locked,
                              const Holding& holding) {
  std::vector<changes::v1::Change> changes;
  KITH_RETURN_IF_ERROR(MakeHoldingChanges(tx, locked, holding, changes));
  return feed::AddChanges(tx, std::move(changes));
}

absl::Status WriteChanges(const Tx& tx,
                          const std::vector<HoldingChange>& changes,
                          std::map<std::string, LockedIdentity>& locked) {
  std::vector<changes::v1::Change> noted;
  for (const HoldingChange& change : changes) {
    KITH_RETURN_IF_ERROR(Write(tx, change));
    KITH_RETURN_IF_ERROR(MakeHoldingChanges(tx, locked[change.identity_key],
                                            change.holding, noted));
  }
  return feed::AddChanges(tx, std::move(noted));
}

absl::StatusOr<Holding> EndHoldingNow(const Tx& tx, LockedIdentity& locked,
                                      Holding holding) {
  holding.end_micros =
      std::max(absl::ToUnixMicros(tx.now), holding.start_micros + 1);
  KITH_RETURN_IF_ERROR(EndHolding(tx, locked.identity.identity_key(), holding));
  KITH_RETURN_IF_ERROR(AddHoldingChange(tx, locked, holding));
  return holding;
}

}  // namespace kith::identity
