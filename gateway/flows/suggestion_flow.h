#ifndef KITH_GATEWAY_FLOWS_SUGGESTION_FLOW_H_
#define KITH_GATEWAY_FLOWS_SUGGESTION_FLOW_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/merge.pb.h"

namespace kith::gateway {

// The suggestions of contacts-svc. Each method returns that service's errors. A
// decision dismisses the REVIEWs that wait for it.
// Thread-safe.
class SuggestionFlow {
 public:
  SuggestionFlow(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  Task<absl::Status> List(const base::RequestContext& context,
                          const v1::ListSuggestionsRequest& request,
                          v1::ListSuggestionsResponse& response) const;

  Task<absl::Status> Confirm(const base::RequestContext& context,
                             const v1::ConfirmSuggestionRequest& request,
                             v1::ConfirmSuggestionResponse& response) const;

  Task<absl::Status> Reject(const base::RequestContext& context,
                            const v1::RejectSuggestionRequest& request,
                            v1::RejectSuggestionResponse& response) const;

 private:
  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_SUGGESTION_FLOW_H_
