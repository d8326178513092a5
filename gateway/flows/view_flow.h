#ifndef KITH_GATEWAY_FLOWS_VIEW_FLOW_H_
#define KITH_GATEWAY_FLOWS_VIEW_FLOW_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/customer_view.pb.h"

namespace kith::gateway {

// Composes customer views. Takes one round of calls by contact id: it reads the
// parts in parallel with the contact, as if the contact were not merged. By
// channel value a round comes before that, which finds the holder and its
// identities. For contacts that are merged a last round reads the parts again,
// and for those who share a value another reads what may be of them.
// Thread-safe.
class ViewFlow {
 public:
  ViewFlow(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  // GetCustomerView.
  Task<absl::Status> Get(const base::RequestContext& context,
                         const v1::GetCustomerViewRequest& request,
                         v1::GetCustomerViewResponse& response) const;

  // BatchGetCustomerViews.
  Task<absl::Status> BatchGet(
      const base::RequestContext& context,
      const v1::BatchGetCustomerViewsRequest& request,
      v1::BatchGetCustomerViewsResponse& response) const;

 private:
  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_VIEW_FLOW_H_
