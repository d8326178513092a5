#include "gateway/contact_flow.h"

#include <string>
#include <utility>

#include "gateway/request_id.h"

namespace kith::gateway {

using contacts::v1::Contact;

Task<absl::Status> ContactFlow::Create(const ops::RequestContext& context,
                                       const v1::CreateContactRequest& request,
                                       Contact& response) const {
  contacts::v1::CreateContactRequest create;
  create.set_contact_id(request.contact_id());
  *create.mutable_contact() = request.contact();
  create.set_request_id(RequestId(request.request_id()));
  auto call = backends_.Contacts(&Backends::ContactsStub::CreateContact,
                                 std::move(create), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  co_return absl::OkStatus();
}

Task<absl::Status> ContactFlow::Update(const ops::RequestContext& context,
                                       const v1::UpdateContactRequest& request,
                                       Contact& response) const {
  KITH_CO_ASSIGN_OR_RETURN(
      const Contact customer,
      co_await customers_.FindOne(context, request.customer()));
  contacts::v1::UpdateContactRequest update;
  *update.mutable_contact() = request.contact();
  update.mutable_contact()->set_contact_id(customer.contact_id());
  *update.mutable_update_mask() = request.update_mask();
  update.set_request_id(RequestId(request.request_id()));
  auto call = backends_.Contacts(&Backends::ContactsStub::UpdateContact,
                                 std::move(update), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  co_return absl::OkStatus();
}

Task<absl::Status> ContactFlow::ListTimeline(
    const ops::RequestContext& context, const v1::ListTimelineRequest& request,
    v1::ListTimelineResponse& response) const {
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

Task<absl::Status> ContactFlow::Link(const ops::RequestContext& context,
                                     const v1::LinkIdentityRequest& request,
                                     v1::LinkIdentityResponse& response) const {
  KITH_CO_ASSIGN_OR_RETURN(
      const Contact customer,
      co_await customers_.FindOne(context, request.customer()));
  identity::v1::LinkIdentityRequest link;
  link.set_contact_id(customer.contact_id());
  *link.mutable_member_ids() = customer.member_ids();
  *link.mutable_value() = request.value();
  link.set_request_id(RequestId(request.request_id()));
  auto call = backends_.Identity(&Backends::IdentityStub::LinkIdentity,
                                 std::move(link), context);
  KITH_CO_ASSIGN_OR_RETURN(auto linked, co_await call);
  *response.mutable_identity() = std::move(*linked.mutable_identity());
  response.set_canonical_id(customer.canonical_id());
  co_return absl::OkStatus();
}

Task<absl::Status> ContactFlow::Unlink(
    const ops::RequestContext& context,
    const v1::UnlinkIdentityRequest& request,
    v1::UnlinkIdentityResponse& response) const {
  KITH_CO_ASSIGN_OR_RETURN(
      const Contact customer,
      co_await customers_.FindOne(context, request.customer()));
  identity::v1::UnlinkIdentityRequest unlink;
  unlink.set_contact_id(customer.contact_id());
  *unlink.mutable_member_ids() = customer.member_ids();
  *unlink.mutable_value() = request.value();
  unlink.set_request_id(RequestId(request.request_id()));
  auto call = backends_.Identity(&Backends::IdentityStub::UnlinkIdentity,
                                 std::move(unlink), context);
  KITH_CO_ASSIGN_OR_RETURN(auto unlinked, co_await call);
  *response.mutable_identity() = std::move(*unlinked.mutable_identity());
  response.set_canonical_id(customer.canonical_id());
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
