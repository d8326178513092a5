#ifndef KITH_GATEWAY_ACTIONS_QUEUE_FLOW_H_
#define KITH_GATEWAY_ACTIONS_QUEUE_FLOW_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/action.pb.h"
#include "kith/gateway/v1/watch.pb.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::gateway {

// What is to be done and for whom, as queues have it. Leases nothing. Each
// method returns the errors of interactions-svc and contacts-svc. Thread-safe.
class QueueFlow {
 public:
  QueueFlow(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  // Lists the actions of all members of a customer's group, or of queues or an
  // agent.
  Task<absl::Status> List(const base::RequestContext& context,
                          const v1::ListActionsRequest& request,
                          v1::ListActionsResponse& response) const;

  Task<absl::Status> CountWaiting(
      const base::RequestContext& context,
      const v1::CountWaitingActionsRequest& request,
      v1::CountWaitingActionsResponse& response) const;

  // Returns what is now at the head of the queues that are watched, in order.
  Task<absl::StatusOr<std::vector<v1::QueueEntry>>> ReadHead(
      const base::RequestContext& context,
      const v1::WatchQueueRequest& request) const;

 private:
  Task<absl::Status> ListOfCustomer(const base::RequestContext& context,
                                    const v1::ListActionsRequest& request,
                                    v1::ListActionsResponse& response) const;
  Task<absl::Status> ListOfQueues(const base::RequestContext& context,
                                  const v1::ListActionsRequest& request,
                                  v1::ListActionsResponse& response) const;

  // Returns who the contacts are, in their order. What is not there stands for
  // itself.
  Task<absl::StatusOr<std::vector<v1::QueueEntry>>> Describe(
      const base::RequestContext& context,
      interactions::v1::ListQueuedActionsResponse listed) const;

  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_ACTIONS_QUEUE_FLOW_H_
