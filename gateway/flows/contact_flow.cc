#include "gateway/flows/contact_flow.h"

#include <utility>

#include "gateway/flows/request_id.h"

namespace kith::gateway {

using contacts::v1::Contact;

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

}  // namespace kith::gateway
