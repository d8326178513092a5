#ifndef KITH_INTERACTIONS_SVC_TIMELINE_H_
#define KITH_INTERACTIONS_SVC_TIMELINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/location.h"
#include "kith/interactions/v1/interaction.pb.h"

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

// Returns at most `limit` of a contact's interactions after `after`, newest
// first. One index seek; the cost does not grow with the history.
absl::StatusOr<std::vector<v1::Interaction>> ReadTimeline(
    const mysql::Tx& tx, const base::Uuid& contact_id,
    const TimelineFilter& filter, const Location& after, int32_t limit);

// Returns the contact's newest returns after `after` that are of no form
// (IsOfForm): enough to find the items of a summary, as there are some that
// name none. Reads past those of forms, 100 at a time.
absl::StatusOr<std::vector<v1::Interaction>> ReadNewestReturns(
    const mysql::Tx& tx, const base::Uuid& contact_id, const Location& after);

struct TimelinePage {
  std::vector<v1::Interaction> interactions;

  // The location that the next page begins after; nullopt on the last page.
  std::optional<Location> next;
};

// Most bytes of interactions in one answer, so that it fits into a message
// (gRPC's default limit is 4 MiB). The rest is on the next page.
constexpr int64_t kAnswerBytes = 3 << 20;

// Returns a page of the merged timeline of several contacts: at most `size`
// interactions that fit into `bytes_left`, from which their sizes are
// subtracted. If nothing was subtracted yet (`bytes_left` is kAnswerBytes), the
// first interaction is returned whatever its size. If one does not fit,
// `bytes_left` is 0 from then on: a page then only tells whether it would have
// any, and reads one row of each contact. Runs one statement for each contact;
// with a single one the server would sort the whole history.
absl::StatusOr<TimelinePage> ReadTimelinePage(
    const mysql::Tx& tx, const std::vector<base::Uuid>& contact_ids,
    const TimelineFilter& filter, const Location& after, int32_t size,
    int64_t& bytes_left);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_TIMELINE_H_
