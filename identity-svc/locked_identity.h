#ifndef KITH_IDENTITY_SVC_LOCKED_IDENTITY_H_
#define KITH_IDENTITY_SVC_LOCKED_IDENTITY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/mysql/session.h"
#include "identity-svc/holding.h"
#include "kith/changes/v1/changes.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// A value whose row the transaction has locked, or has added: nobody else
// changes its holder before the end of it.
struct LockedIdentity {
  v1::Identity identity;
  // Of its last change; 0 where it is not there.
  uint64_t version = 0;
  bool added = false;
};

// Locks the value's row where there is one.
absl::StatusOr<LockedIdentity> Lock(mysql::Session& session, uint64_t tenant_id,
                                    const v1::Identity& identity);

// Locks the value's row, or adds it for a holding that follows. ABORTED where
// another was faster: Transact runs the transaction again.
absl::StatusOr<LockedIdentity> LockOrInsert(mysql::Session& session,
                                            uint64_t tenant_id,
                                            const v1::Identity& identity,
                                            absl::Time now);

// The change that a holding has begun, or begins earlier; or, where it has an
// end, that it has ended. Counts it in the value's row.
absl::StatusOr<changes::v1::Change> NoteHolding(mysql::Session& session,
                                                uint64_t tenant_id,
                                                LockedIdentity& locked,
                                                const Holding& holding);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_LOCKED_IDENTITY_H_
