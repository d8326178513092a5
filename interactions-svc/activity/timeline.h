#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_TIMELINE_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_TIMELINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/activity/interaction_row.h"
#include "interactions-svc/activity/location.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/internal/v1/recent.pb.h"

namespace kith::interactions {

// Selects interactions of a contact. At most one field is set.
struct TimelineFilter {
  // UNSPECIFIED: any kind.
  v1::Kind kind = v1::KIND_UNSPECIFIED;

  // Empty: any channel value, or none.
  std::string identity_key = {};

  // 16 bytes. Empty: any thread, or none.
  std::string thread_id = {};
};

// Returns the contact's newest returns after `after` that are of no form
// (IsOfForm): enough to find the items of a summary, as there are some that
// name none. Reads past those of forms, 100 at a time.
absl::StatusOr<std::vector<v1::Interaction>> ReadNewestReturns(
    const mysql::Tx& tx, const base::Uuid& contact_id, const Location& after);

// A set of contacts, and where the page of its timeline begins.
struct TimelineSet {
  std::vector<base::Uuid> contact_ids;
  Location after;
  // What the page begins with, if it is known: one more than the page has, or
  // all there are.
  std::optional<std::vector<EncodedInteraction>> newest = std::nullopt;
};

struct TimelinePage {
  std::vector<EncodedInteraction> interactions;

  // The location that the next page begins after; nullopt on the last page.
  std::optional<Location> next;
};

// Most bytes of interactions in one answer, so that it fits into a message
// (gRPC's default limit is 4 MiB). The rest is on the next page.
constexpr int64_t kAnswerBytes = 3 << 20;

// Returns a page of each set's timeline, which is merged from those of its
// contacts: at most `size` interactions, and as many as fit into kAnswerBytes
// together with those of the sets before. The first interaction of all is
// returned whatever its size. From the first that does not fit, a page only
// tells whether it would have any. One index seek for each contact; with a
// single range the server would sort the whole history.
absl::StatusOr<std::vector<TimelinePage>> ReadTimelinePages(
    const mysql::Tx& tx, std::vector<TimelineSet> sets,
    const TimelineFilter& filter, int32_t size);

// Returns the newest interactions of a contact as they are kept beside its
// summary. One index seek.
absl::StatusOr<internal::v1::RecentInteractions> ReadRecent(
    const mysql::Tx& tx, const base::Uuid& contact_id);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_TIMELINE_H_
