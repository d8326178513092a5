#ifndef KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_
#define KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/timeline.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/interactions/v1/summary.pb.h"

namespace kith::interactions {

// What the summaries of a set of contacts say together.
struct SetSummary {
  v1::ActivitySummary summary;

  // The contacts that have threads which are not RESOLVED.
  std::vector<base::Uuid> with_threads;

  // The last problem by topic, newest first.
  std::vector<v1::LastProblem> last_problems;
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

  // Returns for each set the sum over its contacts, as of today.
  absl::StatusOr<std::vector<SetSummary>> Summaries(
      const mysql::Tx& tx,
      const std::vector<std::vector<base::Uuid>>& sets) const;

  // Returns a page of the set's timeline; see ReadTimelinePage.
  absl::StatusOr<TimelinePage> Timeline(
      const mysql::Tx& tx, const std::vector<base::Uuid>& contact_ids,
      const TimelineFilter& filter, const Location& after, int32_t size,
      int64_t& bytes_left) const;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_
