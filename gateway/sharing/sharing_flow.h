#ifndef KITH_GATEWAY_SHARING_SHARING_FLOW_H_
#define KITH_GATEWAY_SHARING_SHARING_FLOW_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/contact.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::gateway {

// Requests that share a channel value among customers, such as the phone of a
// household, and that end it: finds the contacts, calls identity-svc, then
// makes the stand-in contact. A repeat makes the same stand-in, and so does a
// touch by the value: a request that is cut off in between is healed by either.
// Each method returns the errors of these services. Thread-safe.
class SharingFlow {
 public:
  SharingFlow(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  // ShareIdentity. Customers of one group count once. PERMISSION_DENIED before
  // it writes if the key lacks a scope of the services.
  Task<absl::Status> Share(const base::RequestContext& context,
                           const v1::ShareIdentityRequest& request,
                           v1::ShareIdentityResponse& response) const;

  // UnshareIdentity. Makes a LEAD of an anonymous visitor who keeps the value.
  // PERMISSION_DENIED as Share.
  Task<absl::Status> Unshare(const base::RequestContext& context,
                             const v1::UnshareIdentityRequest& request,
                             v1::UnshareIdentityResponse& response) const;

 private:
  // Makes the stand-in, and answers who shares the value now.
  Task<absl::Status> AnswerShare(identity::v1::ShareIdentityResponse shared,
                                 const base::RequestContext& context,
                                 v1::ShareIdentityResponse& response) const;

  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_SHARING_SHARING_FLOW_H_
