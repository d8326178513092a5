#ifndef KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_
#define KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
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
  explicit InteractionStore(const base::Clock& clock) : clock_(clock) {}

  // Records all of them in one transaction. A result for each, in their order.
  absl::StatusOr<Results<v1::RecordInteractionResponse>> Record(
      const base::RequestContext& context, mysql::Session& session,
      Requests requests) const;

  // What Record would find to be there already; writes nothing.
  absl::StatusOr<Results<v1::LookupRequestResponse>> Lookup(
      const base::RequestContext& context, mysql::Session& session,
      Requests requests) const;

  // The sum over the contacts of each set, as of today.
  absl::StatusOr<std::vector<v1::ActivitySummary>> Summaries(
      const base::RequestContext& context, mysql::Session& session,
      const std::vector<std::vector<base::Uuid>>& sets) const;

  // One page of a set's timeline; see ReadTimelinePage.
  absl::StatusOr<TimelinePage> Timeline(
      const base::RequestContext& context, mysql::Session& session,
      const std::vector<base::Uuid>& contact_ids, const TimelineFilter& filter,
      const Location& after, int32_t size, int64_t& bytes_left) const;

 private:
  const base::Clock& clock_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_INTERACTION_STORE_H_
