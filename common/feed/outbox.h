#ifndef KITH_COMMON_FEED_OUTBOX_H_
#define KITH_COMMON_FEED_OUTBOX_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/mysql/session.h"
#include "kith/changes/v1/changes.pb.h"

namespace kith::feed {

// Puts changes into the outbox, from where the sequencer takes them into the
// feed: within the transaction that makes them, so that there is one if and
// only if there is the other. Of each, owner, owner_version and what it is are
// set; the rest is done here. Nothing where there are none.
//
// The transaction has locked a row of the owner, or inserts it under a unique
// key, and owner_version is higher than any that was taken under that lock
// before. From this alone the order of an owner's changes follows: whoever
// takes the next version has waited for the COMMIT of this one.
//
// ABORTED where another transaction has used the version, as two may that both
// insert the owner: Transact runs this one again.
absl::Status AddChanges(mysql::Session& session,
                        const base::RequestContext& context, absl::Time now,
                        std::vector<changes::v1::Change> changes);

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_OUTBOX_H_
