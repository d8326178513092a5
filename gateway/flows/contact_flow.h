#ifndef KITH_GATEWAY_FLOWS_CONTACT_FLOW_H_
#define KITH_GATEWAY_FLOWS_CONTACT_FLOW_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/gateway/v1/contact.pb.h"
#include "kith/gateway/v1/customer_view.pb.h"

namespace kith::gateway {

// Requests about one customer: finds the contact, then calls the service that
// owns the data. Each method returns that service's errors. Thread-safe.
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

  // UndeleteContact. Ends the REVIEWs that ask for it; what of that fails is
  // left.
  Task<absl::Status> Undelete(const base::RequestContext& context,
                              const v1::UndeleteContactRequest& request,
                              contacts::v1::Contact& response) const;

  Task<absl::Status> ListInteractions(
      const base::RequestContext& context,
      const v1::ListInteractionsRequest& request,
      v1::ListInteractionsResponse& response) const;

  // Moves interactions to the contact that a customer ref means, unless that is
  // deleted.
  Task<absl::Status> ReassignInteractions(
      const base::RequestContext& context,
      const v1::ReassignInteractionsRequest& request,
      v1::ReassignInteractionsResponse& response) const;

 private:
  const Backends& backends_;
  const CustomerFlow& customers_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_CONTACT_FLOW_H_
