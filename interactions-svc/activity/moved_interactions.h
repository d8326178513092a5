#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_MOVED_INTERACTIONS_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_MOVED_INTERACTIONS_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "interactions-svc/activity/location.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// The table `moved_interactions`: which contact an interaction was moved to.
// The stored result of the request that recorded it names the one that had it
// then.

// Notes that the interaction was moved to its contact. The transaction must
// have locked the contact's summary, and that of the contact that had it.
absl::Status NoteMove(const mysql::Tx& tx, const v1::Interaction& interaction);

// Returns the interaction that was once at this location, also if it was moved
// to another contact since; nullopt if there is none, or a correction has given
// it another time. One statement, and two more if it is not there any more.
absl::StatusOr<std::optional<v1::Interaction>> FindInteraction(
    const mysql::Tx& tx, const Location& location);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_MOVED_INTERACTIONS_H_
