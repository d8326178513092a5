#ifndef KITH_GATEWAY_FLOWS_CONTACT_FLOW_H_
#define KITH_GATEWAY_FLOWS_CONTACT_FLOW_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/gateway.pb.h"

namespace kith::gateway {

// What is done with one customer at a time: find who is meant, then one call to
// the service that owns it. Each answers with that service's codes.
// Thread-safe.
class ContactFlow {
 public:
  ContactFlow(const Backends& backends, const CustomerFlow& customers)
      : backends_(backends), customers_(customers) {}

  Task<absl::Status> Create(const base::RequestContext& context,
                            const v1::CreateContactRequest& request,
                            contacts::v1::Contact& response) const;

  Task<absl::Status> Update(const base::RequestContext& context,
                            const v1::UpdateContactRequest& request,
                            contacts::v1::Contact& response) const;

  Task<absl::Status> ListTimeline(const base::RequestContext& context,
                                  const v1::ListTimelineRequest& request,
                                  v1::ListTimelineResponse& response) const;

  Task<absl::Status> Link(const base::RequestContext& context,
                          const v1::LinkIdentityRequest& request,
                          v1::LinkIdentityResponse& response) const;

  Task<absl::Status> Unlink(const base::RequestContext& context,
                            const v1::UnlinkIdentityRequest& request,
                            v1::UnlinkIdentityResponse& response) const;

 private:
  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_CONTACT_FLOW_H_
