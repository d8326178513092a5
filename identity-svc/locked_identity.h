#ifndef KITH_IDENTITY_SVC_LOCKED_IDENTITY_H_
#define KITH_IDENTITY_SVC_LOCKED_IDENTITY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "identity-svc/holding.h"
#include "kith/changes/v1/change.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// A value whose row the transaction has locked or inserted, so that no other
// transaction changes its holder until the end of this one.
struct LockedIdentity {
  v1::Identity identity;
  // Version of the last change; 0 if there is no row.
  uint64_t version = 0;
  bool added = false;
  // The row keeps only the version: see IdentityState.
  bool vacant = false;
};

// Locks the value's row if there is one. If it is an alias, also locks the row
// of the identity that is meant, and returns that one's key and version.
absl::StatusOr<LockedIdentity> Lock(const mysql::Tx& tx,
                                    const v1::Identity& identity);

// Locks likewise; if there is no identity, inserts one for a holding that
// follows. ABORTED, so that Transact runs the transaction again, if another
// transaction inserted it first.
absl::StatusOr<LockedIdentity> LockOrInsert(const mysql::Tx& tx,
                                            const v1::Identity& identity);

// Adds to `changes` what has become of a holding, each with the next version,
// which it writes to the value's row: if the holding has an end, that it has
// ended; else that it has begun or begins earlier. Of a shared value also, that
// those who share it do so no more, or from then on. Inserts and changes no
// holding.
absl::Status MakeHoldingChanges(const mysql::Tx& tx, LockedIdentity& locked,
                                const Holding& holding,
                                std::vector<changes::v1::Change>& changes);

// Tells the feed who shares the value of an open holding now, and who does so
// no more.
absl::Status AddSharingChange(const mysql::Tx& tx, LockedIdentity& locked,
                              const Holding& holding,
                              const std::vector<base::Uuid>& removed);

// Adds the changes of MakeHoldingChanges to the feed.
absl::Status AddHoldingChange(const mysql::Tx& tx, LockedIdentity& locked,
                              const Holding& holding);

// Writes the changes, in order, and tells the feed. `locked` has the identity
// of each, by key.
absl::Status WriteChanges(const mysql::Tx& tx,
                          const std::vector<HoldingChange>& changes,
                          std::map<std::string, LockedIdentity>& locked);

// Ends an open holding now, tells the feed, and returns the holding. It lasts a
// microsecond at least, so that the next one has a start of its own.
absl::StatusOr<Holding> EndHoldingNow(const mysql::Tx& tx,
                                      LockedIdentity& locked, Holding holding);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_LOCKED_IDENTITY_H_
