#ifndef KITH_GATEWAY_ACTIONS_ACTION_FLOW_H_
#define KITH_GATEWAY_ACTIONS_ACTION_FLOW_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/actions/action_people.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/flows/permission_flow.h"
#include "kith/gateway/v1/action.pb.h"

namespace kith::gateway {

// Requests about actions: calls interactions-svc, whose errors each method
// returns, for all contacts of a group where it leases by contact. Thread-safe.
class ActionFlow {
 public:
  ActionFlow(const Backends& backends, const CustomerFlow& customers,
             const PermissionFlow& permissions)
      : backends_(backends), customers_(customers), permissions_(permissions) {}

  // NextActions. Gives back what it has newly leased if it fails.
  Task<absl::Status> Next(const base::RequestContext& context,
                          const v1::NextActionsRequest& request,
                          v1::NextActionsResponse& response) const;

  Task<absl::Status> Lease(const base::RequestContext& context,
                           const v1::LeaseActionsRequest& request,
                           v1::LeaseActionsResponse& response) const;

  Task<absl::Status> Release(const base::RequestContext& context,
                             const v1::ReleaseActionsRequest& request,
                             v1::ReleaseActionsResponse& response) const;

  // CompleteActions. Own advertising is refused, and an opt-out recorded, as
  // RecordTouch does it.
  Task<absl::Status> Complete(const base::RequestContext& context,
                              const v1::CompleteActionsRequest& request,
                              v1::CompleteActionsResponse& response) const;

  Task<absl::Status> Dismiss(const base::RequestContext& context,
                             const v1::DismissActionsRequest& request,
                             v1::DismissActionsResponse& response) const;

  Task<absl::Status> Snooze(const base::RequestContext& context,
                            const v1::SnoozeActionsRequest& request,
                            v1::SnoozeActionsResponse& response) const;

  Task<absl::Status> Reassign(const base::RequestContext& context,
                              const v1::ReassignActionsRequest& request,
                              v1::ReassignActionsResponse& response) const;

  Task<absl::Status> Create(const base::RequestContext& context,
                            const v1::CreateActionRequest& request,
                            interactions::v1::Action& response) const;

 private:
  // Adds as many people as the request wants, while more wait.
  Task<absl::Status> AddNext(const base::RequestContext& context,
                             const v1::NextActionsRequest& request,
                             ActionPeople& people) const;

  // Gives back the contacts that the agent may have leased of some. What fails
  // ends with the lease.
  Task<int> GiveBackOthers(const base::RequestContext& context,
                           const v1::CompleteActionsRequest& done) const;

  const Backends& backends_;
  const CustomerFlow& customers_;
  const PermissionFlow& permissions_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_ACTIONS_ACTION_FLOW_H_
