#ifndef KITH_GATEWAY_FLOWS_THREAD_FLOW_H_
#define KITH_GATEWAY_FLOWS_THREAD_FLOW_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/thread.pb.h"

namespace kith::gateway {

// Requests about threads: finds the customer where one is named, then calls
// interactions-svc, whose errors each method returns. Thread-safe.
class ThreadFlow {
 public:
  ThreadFlow(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  Task<absl::Status> Create(const base::RequestContext& context,
                            const v1::CreateThreadRequest& request,
                            interactions::v1::Thread& response) const;

  Task<absl::Status> Update(const base::RequestContext& context,
                            const v1::UpdateThreadRequest& request,
                            interactions::v1::Thread& response) const;

  Task<absl::Status> Split(
      const base::RequestContext& context,
      const v1::SplitThreadRequest& request,
      interactions::v1::SplitThreadResponse& response) const;

  Task<absl::Status> Join(
      const base::RequestContext& context,
      const v1::JoinThreadsRequest& request,
      interactions::v1::JoinThreadsResponse& response) const;

  Task<absl::Status> Undo(
      const base::RequestContext& context,
      const v1::UndoThreadChangeRequest& request,
      interactions::v1::UndoThreadChangeResponse& response) const;

  Task<absl::Status> Get(const base::RequestContext& context,
                         const v1::GetThreadRequest& request,
                         v1::GetThreadResponse& response) const;

  // Lists the threads of all members of the customer's group.
  Task<absl::Status> List(const base::RequestContext& context,
                          const v1::ListThreadsRequest& request,
                          v1::ListThreadsResponse& response) const;

 private:
  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_THREAD_FLOW_H_
