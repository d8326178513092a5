#include "gateway/flows/contact_flow.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "common/api/violations.h"
#include "common/auth/acting_person.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "gateway/calls/scopes.h"
#include "gateway/flows/request_id.h"
#include "gateway/flows/settled_reviews.h"

namespace kith::gateway {

using contacts::v1::Contact;

namespace {

constexpr int64_t kMaxAgent = 320;

// As interactions-svc checks who ends an action.
absl::Status CheckAgent(const base::Principal& caller,
                        const std::string& agent) {
  api::Violations violations;
  // The person of a token needs no name.
  if (!agent.empty() || caller.person.empty()) {
    violations.ActorName("agent", agent, kMaxAgent);
  }
  KITH_RETURN_IF_ERROR(violations.ToStatus());
  return auth::ActingPerson(caller, "agent", agent).status();
}

// Returns the contact that the interactions may go to.
absl::StatusOr<Contact> TargetOf(
    const v1::ReassignInteractionsRequest& request,
    const absl::StatusOr<std::vector<Contact>>& customers) {
  if (!customers.ok()) return customers.status();
  const Contact& target = customers->front();
  if (absl::EqualsIgnoreCase(target.contact_id(), request.contact_id())) {
    return absl::InvalidArgumentError(
        "to_customer: is the contact that has the interactions");
  }
  if (target.has_delete_time()) {
    return status::WithReason(
        "CONTACT_DELETED",
        absl::FailedPreconditionError(
            "to_customer: the customer is deleted; undelete it first"));
  }
  return target;
}

}  // namespace

std::optional<google::protobuf::Timestamp> FirstPurchaseOf(
    const google::protobuf::RepeatedPtrField<interactions::v1::Interaction>&
        newest_first) {
  std::optional<google::protobuf::Timestamp> first;
  for (const auto& interaction : newest_first) {
    if (interaction.kind() == interactions::v1::KIND_PURCHASE &&
        !base::IsByForm(interaction.assurance())) {
      first = interaction.occurred_time();
    }
  }
  return first;
}

Task<absl::Status> MakeCustomer(
    const Backends& backends, const base::RequestContext& context,
    const std::string& contact_id,
    const std::optional<google::protobuf::Timestamp>& purchase_time) {
  if (!purchase_time.has_value()) co_return absl::OkStatus();
  contacts::v1::EnsureContactRequest ensure;
  ensure.set_contact_id(contact_id);
  ensure.set_at_least_stage(contacts::v1::STAGE_CUSTOMER);
  *ensure.mutable_stage_time() = *purchase_time;
  auto call = backends.Contacts(&Backends::ContactsStub::EnsureContact,
                                std::move(ensure), context);
  const auto ensured = co_await call;
  co_return ensured.status();
}

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

Task<absl::Status> ContactFlow::Undelete(
    const base::RequestContext& context,
    const v1::UndeleteContactRequest& request, Contact& response) const {
  KITH_CO_RETURN_IF_ERROR(CheckAgent(*context.principal, request.agent()));
  KITH_CO_ASSIGN_OR_RETURN(
      const Contact customer,
      co_await customers_.FindOne(context, request.customer()));
  contacts::v1::UndeleteContactRequest undelete;
  undelete.set_contact_id(customer.contact_id());
  undelete.set_etag(request.etag());
  auto call = backends_.Contacts(&Backends::ContactsStub::UndeleteContact,
                                 std::move(undelete), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  std::string agent = request.agent();
  co_await DismissReviewsOfUndeleted(context, backends_, customer,
                                     std::move(agent));
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

Task<absl::Status> ContactFlow::ReassignInteractions(
    const base::RequestContext& context,
    const v1::ReassignInteractionsRequest& request,
    v1::ReassignInteractionsResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(
      (CheckScopesOf<interactions::v1::ReassignInteractionsRequest,
                     contacts::v1::EnsureContactRequest>(context)));
  std::vector<CustomerName> names = {{"to_customer", &request.to_customer()}};
  const auto customers = co_await customers_.FindAll(context, std::move(names));
  const absl::StatusOr<Contact> target = TargetOf(request, customers);
  const absl::Status& found = target.status();
  if (!found.ok() && !MayBeRepeat(found, request)) co_return found;
  interactions::v1::ReassignInteractionsRequest reassign;
  reassign.set_contact_id(request.contact_id());
  if (target.ok()) reassign.set_to_contact_id(target->contact_id());
  *reassign.mutable_interactions() = request.interactions();
  reassign.set_reason(request.reason());
  reassign.set_agent(request.agent());
  PassRequestId(request, reassign);
  auto call =
      backends_.Interactions(&Backends::InteractionsStub::ReassignInteractions,
                             std::move(reassign), context);
  auto reassigned = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(found, reassigned.status()));
  std::optional<google::protobuf::Timestamp> purchase_time;
  if (reassigned->has_purchase_time()) {
    purchase_time = reassigned->purchase_time();
  }
  KITH_CO_RETURN_IF_ERROR(co_await MakeCustomer(
      backends_, context, reassigned->contact_id(), purchase_time));
  std::string former = request.contact_id(), agent = request.agent();
  co_await DismissReviewsOfReassigned(context, backends_, std::move(former),
                                      std::move(agent));
  response.mutable_interactions()->Swap(reassigned->mutable_interactions());
  response.set_contact_id(reassigned->contact_id());
  if (target.ok()) response.set_canonical_id(target->canonical_id());
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
