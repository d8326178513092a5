#ifndef KITH_GATEWAY_FLOWS_CONTACT_FLOW_H_
#define KITH_GATEWAY_FLOWS_CONTACT_FLOW_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "google/protobuf/repeated_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "kith/gateway/v1/contact.pb.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {

// Returns the time of the earliest PURCHASE, but for what an UNAUTHENTICATED
// key has recorded; nothing if there is none. `newest_first` are interactions
// in that order. A pure function.
std::optional<google::protobuf::Timestamp> FirstPurchaseOf(
    const google::protobuf::RepeatedPtrField<interactions::v1::Interaction>&
        newest_first);

// Has the contact be a CUSTOMER since the time of its purchase at the latest,
// as the touch of a PURCHASE does. Does nothing without a time.
Task<absl::Status> MakeCustomer(
    const Backends& backends, const base::RequestContext& context,
    const std::string& contact_id,
    const std::optional<google::protobuf::Timestamp>& purchase_time);

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
  // deleted, and makes it a CUSTOMER if one is a PURCHASE. PERMISSION_DENIED
  // before it writes if the key lacks a scope of the services.
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
