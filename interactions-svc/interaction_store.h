#ifndef KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_
#define KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/action_store.h"
#include "interactions-svc/activity/timeline.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/interactions/v1/summary.pb.h"

namespace kith::interactions {

// Which parts of the activity are read.
struct WantedActivity {
  bool summary = true;
  bool interactions = true;
  // Of the page of interactions.
  int32_t page_size = 0;
  bool threads = true;
  bool actions = true;
};

// What happened with the contacts of one set. A part that is not wanted is
// empty.
struct SetActivity {
  // The sum over the contacts, as of today.
  v1::ActivitySummary summary;
  TimelinePage page;

  // Of the threads: the contacts that have some which are not RESOLVED, and the
  // last problem by topic, newest first.
  std::vector<base::Uuid> with_threads;
  std::vector<v1::LastProblem> last_problems;

  // Of the contacts that have open actions.
  ContactWorks works;
};

// Writes and reads interactions and their summaries in the tables of schema/.
// Takes validated requests; returns the errors of the RPC of the same name.
// Stateless.
class InteractionStore {
 public:
  using Requests = absl::Span<const v1::RecordInteractionRequest* const>;
  template <typename Response>
  using Results = std::vector<absl::StatusOr<Response>>;

  // Records all requests in one transaction. Returns a result for each, in
  // order. A repeat returns the first answer and changes nothing.
  absl::StatusOr<Results<v1::RecordInteractionResponse>> Record(
      const mysql::Tx& tx, Requests requests) const;

  // Returns for each request what Record would find recorded already. Writes
  // nothing.
  absl::StatusOr<Results<v1::FindRecordingResponse>> Lookup(
      const mysql::Tx& tx, Requests requests) const;

  // Returns the activity of each set; see SetActivity.
  absl::StatusOr<std::vector<SetActivity>> GetActivity(
      const mysql::Tx& tx, std::vector<TimelineSet> sets,
      const WantedActivity& wanted) const;

  // Returns a page of each set's timeline; see ReadTimelinePages.
  absl::StatusOr<std::vector<TimelinePage>> Timelines(
      const mysql::Tx& tx, std::vector<TimelineSet> sets,
      const TimelineFilter& filter, int32_t size) const;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_
