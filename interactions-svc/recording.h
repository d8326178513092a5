#ifndef KITH_INTERACTIONS_SVC_RECORDING_H_
#define KITH_INTERACTIONS_SVC_RECORDING_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/request_context.h"
#include "common/mysql/session.h"
#include "interactions-svc/known_records.h"
#include "interactions-svc/locked_summaries.h"
#include "interactions-svc/record_item.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::interactions {

// One run of the transaction that records a batch. A batch that holds nothing
// new locks and writes nothing. Not thread-safe.
class Recording {
 public:
  using Result = absl::StatusOr<v1::RecordInteractionResponse>;

  // All but `now` outlive it.
  Recording(const base::RequestContext& context, mysql::Session& session,
            absl::Span<const RecordItem> items, absl::Time now)
      : session_(session),
        tenant_(*context.principal->tenant),
        items_(items),
        now_(now),
        known_(session, tenant_.id(), items),
        summaries_(session, context) {}

  // A result for each item, in their order; each sees what those before it
  // have done. Fails as a whole where the database does.
  absl::StatusOr<std::vector<Result>> Run();

 private:
  // Locks the summaries of the contacts that something is recorded for.
  absl::Status Lock();

  // Carries one item out. Its own failure is in `result`.
  absl::Status CarryOut(const RecordItem& item, Result& result);

  absl::Status Record(const RecordItem& item, v1::Interaction& interaction);
  absl::Status Correct(const RecordItem& item, const Location& stored,
                       v1::Interaction& interaction);

  mysql::Session& session_;
  const config::v1::Tenant& tenant_;
  const absl::Span<const RecordItem> items_;
  const absl::Time now_;
  KnownRecords known_;
  LockedSummaries summaries_;
};

// The stored interaction that is the answer to a request. ABORTED where a
// correction has just moved it: look again.
absl::StatusOr<v1::Interaction> ReadStored(mysql::Session& session,
                                           uint64_t tenant_id,
                                           const Location& location);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_RECORDING_H_
