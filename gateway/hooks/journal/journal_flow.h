#ifndef KITH_GATEWAY_HOOKS_JOURNAL_JOURNAL_FLOW_H_
#define KITH_GATEWAY_HOOKS_JOURNAL_JOURNAL_FLOW_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "kith/gateway/v1/entry.pb.h"
#include "kith/interactions/v1/journal.pb.h"

namespace kith::gateway {

// What people ask of the journal: each method calls interactions-svc, and
// returns its errors. Thread-safe.
class JournalFlow {
 public:
  // `backends` must outlive the flow.
  explicit JournalFlow(const Backends& backends) : backends_(backends) {}

  Task<absl::Status> Get(const base::RequestContext& context,
                         const v1::GetEntryRequest& request,
                         interactions::v1::Entry& response) const;

  Task<absl::Status> List(const base::RequestContext& context,
                          const v1::ListEntriesRequest& request,
                          v1::ListEntriesResponse& response) const;

  Task<absl::Status> Replay(const base::RequestContext& context,
                            const v1::ReplayEntriesRequest& request,
                            v1::ReplayEntriesResponse& response) const;

  Task<absl::Status> Discard(const base::RequestContext& context,
                             const v1::DiscardEntryRequest& request,
                             interactions::v1::Entry& response) const;

 private:
  const Backends& backends_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_JOURNAL_JOURNAL_FLOW_H_
