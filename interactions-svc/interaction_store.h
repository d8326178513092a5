#ifndef KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_
#define KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/session.h"
#include "common/ops/clock.h"
#include "common/ops/request_context.h"
#include "common/ops/uuid.h"
#include "interactions-svc/timeline.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::interactions {

// Keeps interactions and their summaries in the tables of schema/. Takes
// requests that have been validated; answers with the codes of the RPC of the
// same name. Stateless: what it works on is the session of the calling thread.
class InteractionStore {
 public:
  using Requests = absl::Span<const v1::RecordInteractionRequest* const>;
  template <typename Response>
  using Results = std::vector<absl::StatusOr<Response>>;

  // `clock` outlives the store.
  explicit InteractionStore(const ops::Clock& clock) : clock_(clock) {}

  // Records all of them in one transaction. A result for each, in their order.
  absl::StatusOr<Results<v1::RecordInteractionResponse>> Record(
      const ops::RequestContext& context, mysql::Session& session,
      Requests requests) const;

  // What Record would find to be there already; writes nothing.
  absl::StatusOr<Results<v1::LookupRequestResponse>> Lookup(
      const ops::RequestContext& context, mysql::Session& session,
      Requests requests) const;

  // The sum over the contacts of each set, as of today.
  absl::StatusOr<std::vector<v1::ActivitySummary>> Summaries(
      const ops::RequestContext& context, mysql::Session& session,
      const std::vector<std::vector<ops::Uuid>>& sets) const;

  // One page of a set's timeline; see ReadTimelinePage.
  absl::StatusOr<TimelinePage> Timeline(
      const ops::RequestContext& context, mysql::Session& session,
      const std::vector<ops::Uuid>& contact_ids, const TimelineFilter& filter,
      const Location& after, int32_t size, int64_t& bytes_left) const;

 private:
  const ops::Clock& clock_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_
