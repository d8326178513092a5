#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_RECENT_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_RECENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/uuid.h"
#include "interactions-svc/activity/interaction_row.h"
#include "interactions-svc/activity/location.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/internal/v1/recent.pb.h"

namespace kith::interactions {

// The newest interactions of a contact are kept beside its summary, encoded, so
// that a view reads one row in place of one for each interaction. They are a
// copy of rows of `interactions`, changed in the same transactions, under the
// lock of the summary. Pure functions.

// How many are kept: those that a view shows by default, and one more, which
// tells that there is another page.
inline constexpr size_t kRecentKept = 21;

// Most bytes of the interactions kept. Fewer are kept of those that are long.
inline constexpr size_t kRecentBytes = 16 << 10;

// Adds an interaction that was stored, unless it is older than what is kept.
void AddRecent(const v1::Interaction& interaction,
               internal::v1::RecentInteractions& recent);

// Removes an interaction that is not stored there any more. Returns false if
// others should be read, as fewer are kept than could be.
bool RemoveRecent(const Location& location,
                  internal::v1::RecentInteractions& recent);

// Returns the newest interactions of a contact as they are kept. `has_older`
// tells whether the contact has others.
internal::v1::RecentInteractions MakeRecent(
    const std::vector<EncodedInteraction>& newest, bool has_older);

// A contact, and its recent interactions.
struct ContactRecent {
  base::Uuid contact_id;
  const internal::v1::RecentInteractions* recent = nullptr;
};

// Returns the newest `count` interactions of several contacts, or all if they
// have fewer; newest first. Nullopt if too few are kept to tell.
std::optional<std::vector<EncodedInteraction>> NewestOf(
    const std::vector<ContactRecent>& contacts, size_t count);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_RECENT_H_
