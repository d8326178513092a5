#ifndef KITH_GATEWAY_FLOWS_HOLDING_FLOW_H_
#define KITH_GATEWAY_FLOWS_HOLDING_FLOW_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/gateway/v1/contact.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::gateway {

// Makes an anonymous visitor a LEAD who holds a value now that is no browser. A
// repeat may come after the holding has ended again, and then does nothing.
// Fails if contacts-svc does.
Task<absl::Status> Identify(const Backends& backends,
                            const base::RequestContext& context,
                            const contacts::v1::Contact& customer,
                            const identity::v1::Identity& held);

// Requests that change which customer holds a channel value: finds the
// contacts, calls identity-svc, and tells contacts-svc what follows. Each
// method returns the errors of these services. Thread-safe.
class HoldingFlow {
 public:
  HoldingFlow(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  // Links the value, and makes a LEAD of an anonymous visitor.
  // PERMISSION_DENIED before it writes if the key lacks a scope of the two.
  Task<absl::Status> Link(const base::RequestContext& context,
                          const v1::LinkIdentityRequest& request,
                          v1::LinkIdentityResponse& response) const;

  Task<absl::Status> Unlink(const base::RequestContext& context,
                            const v1::UnlinkIdentityRequest& request,
                            v1::UnlinkIdentityResponse& response) const;

  // Moves the value, and makes a LEAD of an anonymous visitor who gets it.
  // PERMISSION_DENIED as Link.
  Task<absl::Status> Move(const base::RequestContext& context,
                          const v1::MoveIdentityRequest& request,
                          v1::MoveIdentityResponse& response) const;

  // Notes the proof, makes a LEAD of an anonymous visitor, and suggests who
  // held the value before. PERMISSION_DENIED as Link.
  Task<absl::Status> Verify(const base::RequestContext& context,
                            const v1::VerifyHoldingRequest& request,
                            v1::VerifyHoldingResponse& response) const;

 private:
  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_HOLDING_FLOW_H_
