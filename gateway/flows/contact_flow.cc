#include "gateway/flows/contact_flow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "gateway/flows/request_id.h"

namespace kith::gateway {

namespace {

using contacts::v1::Contact;

// Who stands for the group of a value's holder: the customer's, or where the
// answer is that of a repeat maybe another.
Task<absl::StatusOr<std::string>> CanonicalOf(
    const CustomerFlow& customers, const base::RequestContext& context,
    const absl::StatusOr<Contact>& customer, const std::string& holder) {
  if (customer.ok() && std::count(customer->member_ids().begin(),
                                  customer->member_ids().end(), holder) > 0) {
    co_return customer->canonical_id();
  }
  std::vector<std::string> ids = {holder};
  KITH_CO_ASSIGN_OR_RETURN(
      const ContactsById contacts,
      co_await customers.GetContacts(context, std::move(ids)));
  const auto contact = contacts.find(holder);
  co_return contact == contacts.end() ? holder : contact->second.canonical_id();
}

// Gives a value to a customer, or takes it, as `method` of identity-svc does.
template <typename Forwarded, typename Answer, typename Request,
          typename Response>
Task<absl::Status> ChangeHolding(
    const Backends& backends, const CustomerFlow& customers,
    const base::RequestContext& context,
    AsyncMethod<Backends::IdentityStub, Forwarded, Answer> method,
    const Request& request, Response& response) {
  const auto customer = co_await customers.FindOne(context, request.customer());
  const absl::Status& found = customer.status();
  if (!found.ok() && !MayBeRepeat(found, request)) co_return found;
  Forwarded forwarded;
  if (found.ok()) {
    forwarded.set_contact_id(customer->contact_id());
    *forwarded.mutable_member_ids() = customer->member_ids();
  }
  *forwarded.mutable_value() = request.value();
  PassRequestId(request, forwarded);
  auto call = backends.Identity(method, std::move(forwarded), context);
  auto answer = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(found, answer.status()));
  *response.mutable_identity() = std::move(*answer->mutable_identity());
  const std::string& holder = response.identity().contact_id();
  KITH_CO_ASSIGN_OR_RETURN(
      *response.mutable_canonical_id(),
      co_await CanonicalOf(customers, context, customer, holder));
  co_return absl::OkStatus();
}

}  // namespace

Task<absl::Status> ContactFlow::Create(const base::RequestContext& context,
                                       const v1::CreateContactRequest& request,
                                       Contact& response) const {
  contacts::v1::CreateContactRequest create;
  create.set_contact_id(request.contact_id());
  *create.mutable_contact() = request.contact();
  // A proposed contact_id makes a repeat known by itself.
  create.set_request_id(request.contact_id().empty()
                            ? RequestId(request.request_id())
                            : request.request_id());
  auto call = backends_.Contacts(&Backends::ContactsStub::CreateContact,
                                 std::move(create), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  co_return absl::OkStatus();
}

Task<absl::Status> ContactFlow::Update(const base::RequestContext& context,
                                       const v1::UpdateContactRequest& request,
                                       Contact& response) const {
  const auto id = co_await customers_.FindId(context, request.customer());
  if (!id.ok() && !MayBeRepeat(id.status(), request)) co_return id.status();
  contacts::v1::UpdateContactRequest update;
  *update.mutable_contact() = request.contact();
  update.mutable_contact()->set_contact_id(id.value_or(""));
  *update.mutable_update_mask() = request.update_mask();
  PassRequestId(request, update);
  auto call = backends_.Contacts(&Backends::ContactsStub::UpdateContact,
                                 std::move(update), context);
  auto updated = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(id.status(), updated.status()));
  response = *std::move(updated);
  co_return absl::OkStatus();
}

Task<absl::Status> ContactFlow::ListInteractions(
    const base::RequestContext& context,
    const v1::ListInteractionsRequest& request,
    v1::ListInteractionsResponse& response) const {
  KITH_CO_ASSIGN_OR_RETURN(
      const Contact customer,
      co_await customers_.FindOne(context, request.customer()));
  interactions::v1::ListInteractionsRequest list;
  common::v1::ContactSet& set = *list.add_sets();
  *set.mutable_contact_ids() = customer.member_ids();
  set.set_page_token(request.page_token());
  list.set_page_size(request.page_size());
  list.set_kind(request.kind());
  auto call = backends_.Interactions(
      &Backends::InteractionsStub::ListInteractions, std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(auto listed, co_await call);
  auto& result = *listed.mutable_results(0);
  response.mutable_interactions()->Swap(result.mutable_interactions());
  response.set_next_page_token(result.next_page_token());
  response.set_canonical_id(customer.canonical_id());
  co_return absl::OkStatus();
}

Task<absl::Status> ContactFlow::Link(const base::RequestContext& context,
                                     const v1::LinkIdentityRequest& request,
                                     v1::LinkIdentityResponse& response) const {
  return ChangeHolding(backends_, customers_, context,
                       &Backends::IdentityStub::LinkIdentity, request,
                       response);
}

Task<absl::Status> ContactFlow::Unlink(
    const base::RequestContext& context,
    const v1::UnlinkIdentityRequest& request,
    v1::UnlinkIdentityResponse& response) const {
  return ChangeHolding(backends_, customers_, context,
                       &Backends::IdentityStub::UnlinkIdentity, request,
                       response);
}

}  // namespace kith::gateway
