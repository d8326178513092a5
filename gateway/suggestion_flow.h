#ifndef KITH_GATEWAY_SUGGESTION_FLOW_H_
#define KITH_GATEWAY_SUGGESTION_FLOW_H_

#include "absl/status/status.h"
#include "common/ops/request_context.h"
#include "gateway/backends.h"
#include "gateway/customer_flow.h"
#include "gateway/task.h"
#include "kith/gateway/v1/gateway.pb.h"

namespace kith::gateway {

// Suggestions of contacts-svc, whose codes it answers. Thread-safe.
class SuggestionFlow {
 public:
  SuggestionFlow(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  Task<absl::Status> List(const ops::RequestContext& context,
                          const v1::ListSuggestionsRequest& request,
                          v1::ListSuggestionsResponse& response) const;

  Task<absl::Status> Confirm(const ops::RequestContext& context,
                             const v1::ConfirmSuggestionRequest& request,
                             v1::ConfirmSuggestionResponse& response) const;

  Task<absl::Status> Reject(const ops::RequestContext& context,
                            const v1::RejectSuggestionRequest& request,
                            v1::RejectSuggestionResponse& response) const;

 private:
  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_SUGGESTION_FLOW_H_
