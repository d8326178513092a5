#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_INTERACTION_ROW_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_INTERACTION_ROW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "common/mysql/tx.h"
#include "interactions-svc/activity/location.h"
#include "interactions-svc/threads/thread_words.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// The table `interactions`.

// Select interactions, newest first. Bound: tenant_id, contact_id, then kind,
// identity_key or thread_id if the name has it, then the last row of the page
// before as occurred_micros, again occurred_micros, interaction_id; then the
// limit.
extern const mysql::Statement kListInteractions;
extern const mysql::Statement kListByKind;
extern const mysql::Statement kListByIdentity;
extern const mysql::Statement kListByThread;

// An interaction that is only passed on.
struct EncodedInteraction {
  Location location;
  // The encoding of a v1::Interaction.
  std::string bytes;
};

// Return the interaction in a row that one of these statements reads.
v1::Interaction FromRow(const mysql::Row& row);
EncodedInteraction EncodedFromRow(const mysql::Row& row);

// Returns the interaction at this location; nullopt if there is none.
absl::StatusOr<std::optional<v1::Interaction>> ReadInteraction(
    const mysql::Tx& tx, const Location& location);

// Returns at most `limit` interactions of the contact that occur later than
// `micros`, and come after `after` in the timeline; newest first. One index
// seek.
absl::StatusOr<std::vector<v1::Interaction>> ReadFuture(
    const mysql::Tx& tx, const base::Uuid& contact_id, int64_t micros,
    const Location& after, int32_t limit);

// Inserts the interaction's row. `entry` says how it moves its thread.
absl::Status InsertInteraction(const mysql::Tx& tx,
                               const v1::Interaction& interaction,
                               const ThreadEntry& entry);

// Replaces the row at `old` by the interaction. The transaction must have
// locked the contact's summary.
absl::Status ReplaceInteraction(const mysql::Tx& tx, const Location& old,
                                const v1::Interaction& interaction,
                                const ThreadEntry& entry);

// Return when the first, or the last, of the interactions occurred that the
// contact's summary counts together with this one; nullopt if there is none.
// The last is the last of those that occurred at `most_micros` or earlier. One
// index seek each.
absl::StatusOr<std::optional<int64_t>> FirstMicros(
    const mysql::Tx& tx, const v1::Interaction& interaction);
absl::StatusOr<std::optional<int64_t>> LastMicros(
    const mysql::Tx& tx, const v1::Interaction& interaction,
    int64_t most_micros);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_INTERACTION_ROW_H_
