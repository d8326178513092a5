#ifndef KITH_INTERACTIONS_SVC_TIMELINE_H_
#define KITH_INTERACTIONS_SVC_TIMELINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "interactions-svc/location.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::interactions {

// Which of a contact's interactions are wanted; at most one of the two.
struct TimelineFilter {
  // Any kind where it is UNSPECIFIED.
  v1::Kind kind = v1::KIND_UNSPECIFIED;

  // Any channel value, or none, where it is empty.
  std::string identity_key;
};

// A contact's interactions after `after`, newest first, at most `limit`: one
// seek, at the same cost however long the history.
absl::StatusOr<std::vector<v1::Interaction>> ReadTimeline(
    mysql::Session& session, uint64_t tenant_id, const base::Uuid& contact_id,
    const TimelineFilter& filter, const Location& after, int32_t limit);

struct TimelinePage {
  std::vector<v1::Interaction> interactions;

  // What the next page comes after; nullopt on the last.
  std::optional<Location> next;
};

// How much one answer may hold, so that it fits into a message (gRPC's
// limit is 4 MiB). What is left over is on the next page.
constexpr int64_t kAnswerBytes = 3 << 20;

// One page of the timeline of several contacts as one: a seek for each,
// merged. Asking the server for all at once would make it sort their whole
// history. At most `size`, and no more than fit into `bytes_left`, which is
// brought up to date; yet one at least where the answer was empty.
absl::StatusOr<TimelinePage> ReadTimelinePage(
    mysql::Session& session, uint64_t tenant_id,
    const std::vector<base::Uuid>& contact_ids, const TimelineFilter& filter,
    const Location& after, int32_t size, int64_t& bytes_left);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_TIMELINE_H_
