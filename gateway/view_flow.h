#ifndef KITH_GATEWAY_VIEW_FLOW_H_
#define KITH_GATEWAY_VIEW_FLOW_H_

#include "absl/status/status.h"
#include "common/ops/request_context.h"
#include "gateway/backends.h"
#include "gateway/customer_flow.h"
#include "gateway/task.h"
#include "kith/gateway/v1/gateway.pb.h"

namespace kith::gateway {

// Puts customer views together. Two hops by channel value, one by contact id:
// the parts are asked for beside the contact, as if nothing were merged, and
// once more for those that are. Thread-safe.
class ViewFlow {
 public:
  ViewFlow(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  // GetCustomerView.
  Task<absl::Status> Get(const ops::RequestContext& context,
                         const v1::GetCustomerViewRequest& request,
                         v1::GetCustomerViewResponse& response) const;

  // BatchGetCustomerViews.
  Task<absl::Status> BatchGet(
      const ops::RequestContext& context,
      const v1::BatchGetCustomerViewsRequest& request,
      v1::BatchGetCustomerViewsResponse& response) const;

 private:
  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VIEW_FLOW_H_
