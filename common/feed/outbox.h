#ifndef KITH_COMMON_FEED_OUTBOX_H_
#define KITH_COMMON_FEED_OUTBOX_H_

#include <vector>

#include "absl/status/status.h"
#include "common/mysql/tx.h"
#include "kith/changes/v1/change.pb.h"

namespace kith::feed {

// Adds changes to the outbox, from where the sequencer moves them to the feed.
// Call it in the transaction that makes the changes, so that both are committed
// or neither is. The caller sets owner, owner_version and `what` of each
// change; this function sets tenant, time and trace. Does nothing if `changes`
// is empty.
//
// The transaction must have locked a row of the owner, or insert the owner
// under a unique key. owner_version must be higher than every version that was
// taken under that lock before. The order of an owner's changes follows from
// this alone: whoever takes the next version has waited for the COMMIT of this
// one.
//
// ABORTED if another transaction has used the same version, which happens if
// two transactions insert the owner at the same time. Transact then runs this
// one again.
absl::Status AddChanges(const mysql::Tx& tx,
                        std::vector<changes::v1::Change> changes);

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_OUTBOX_H_
