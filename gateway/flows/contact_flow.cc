#include "gateway/flows/contact_flow.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/flows/companions.h"
#include "gateway/flows/request_id.h"
#include "gateway/flows/scopes.h"

namespace kith::gateway {

namespace {

using contacts::v1::Contact;

// Who stands for the group of a value's holder: the customer's, or where the
// answer is that of a repeat maybe another. Nobody if the holder is no contact.
Task<absl::StatusOr<std::optional<std::string>>> CanonicalOf(
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
  if (contact == contacts.end()) co_return std::nullopt;
  co_return contact->second.canonical_id();
}

// What identity-svc is asked of a value, for the customer of a request.
template <typename Forwarded, typename Request>
Forwarded ForwardedOf(const Request& request,
                      const absl::StatusOr<Contact>& customer) {
  Forwarded forwarded;
  if (customer.ok()) {
    forwarded.set_contact_id(customer->contact_id());
    *forwarded.mutable_member_ids() = customer->member_ids();
  }
  *forwarded.mutable_value() = request.value();
  PassRequestId(request, forwarded);
  return forwarded;
}

// Returns the holders of a value who are no contact: touches that were cut off
// before they made it have left them.
Task<absl::StatusOr<std::vector<std::string>>> FindAbsentHolders(
    const Backends& backends, const CustomerFlow& customers,
    const base::RequestContext& context,
    const identity::v1::ChannelValue& value) {
  identity::v1::ResolveIdentityRequest resolve;
  *resolve.mutable_value() = value;
  auto call = backends.Identity(&Backends::IdentityStub::ResolveIdentity,
                                std::move(resolve), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto resolved, co_await call);
  std::vector<std::string> holders;
  for (const auto& candidate : resolved.candidates()) {
    holders.push_back(candidate.identity().contact_id());
  }
  std::vector<std::string> ids = holders;
  KITH_CO_ASSIGN_OR_RETURN(
      const ContactsById contacts,
      co_await customers.GetContacts(context, std::move(ids)));
  std::erase_if(holders,
                [&](const std::string& id) { return contacts.contains(id); });
  co_return holders;
}

// Answers with the holding that identity-svc has `changed`, or with its error.
template <typename Changed, typename Response>
Task<absl::Status> AnswerHolding(const CustomerFlow& customers,
                                 const base::RequestContext& context,
                                 const absl::StatusOr<Contact>& customer,
                                 absl::StatusOr<Changed> changed,
                                 Response& response) {
  KITH_CO_RETURN_IF_ERROR(FailureOf(customer.status(), changed.status()));
  *response.mutable_identity() = std::move(*changed->mutable_identity());
  const std::string& holder = response.identity().contact_id();
  KITH_CO_ASSIGN_OR_RETURN(
      const std::optional<std::string> canonical,
      co_await CanonicalOf(customers, context, customer, holder));
  response.set_canonical_id(canonical.value_or(holder));
  if constexpr (requires { response.contact_missing(); }) {
    response.set_contact_missing(!canonical.has_value());
  }
  co_return absl::OkStatus();
}

// Those of Link, whichever of its calls the customer and the value need.
absl::Status CheckLinkScopes(const base::RequestContext& context) {
  return CheckScopesOf<
      identity::v1::BatchResolveIdentitiesRequest,
      contacts::v1::BatchGetContactsRequest, identity::v1::LinkIdentityRequest,
      identity::v1::ResolveIdentityRequest, contacts::v1::EnsureContactRequest>(
      context);
}

// Makes an anonymous visitor a LEAD.
Task<absl::Status> Identify(const Backends& backends,
                            const base::RequestContext& context,
                            const std::string& contact_id) {
  contacts::v1::EnsureContactRequest ensure;
  ensure.set_contact_id(contact_id);
  ensure.set_at_least_stage(contacts::v1::STAGE_LEAD);
  auto call = backends.Contacts(&Backends::ContactsStub::EnsureContact,
                                std::move(ensure), context);
  const auto ensured = co_await call;
  co_return ensured.status();
}

// Suggests the holder of a value that was linked, and who may be the same.
Task<absl::Status> Suggest(const Backends& backends,
                           const base::RequestContext& context,
                           const identity::v1::LinkIdentityResponse& linked) {
  contacts::v1::EnsureContactRequest ensure;
  ensure.set_contact_id(linked.identity().contact_id());
  for (const auto& candidate : linked.candidates()) {
    *ensure.add_companions() = CompanionOf(candidate);
  }
  auto call = backends.Contacts(&Backends::ContactsStub::EnsureContact,
                                std::move(ensure), context);
  const auto ensured = co_await call;
  co_return ensured.status();
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
  KITH_CO_RETURN_IF_ERROR(CheckLinkScopes(context));
  const auto customer =
      co_await customers_.FindOne(context, request.customer());
  const absl::Status& found = customer.status();
  if (!found.ok() && !MayBeRepeat(found, request)) co_return found;
  auto link = ForwardedOf<identity::v1::LinkIdentityRequest>(request, customer);
  auto call =
      backends_.Identity(&Backends::IdentityStub::LinkIdentity, link, context);
  auto linked = co_await call;
  if (found.ok() && absl::IsAlreadyExists(linked.status())) {
    KITH_CO_ASSIGN_OR_RETURN(const auto absent, co_await FindAbsentHolders(
                                                    backends_, customers_,
                                                    context, request.value()));
    if (absent.empty()) co_return linked.status();
    link.mutable_absent_contact_ids()->Assign(absent.begin(), absent.end());
    auto again = backends_.Identity(&Backends::IdentityStub::LinkIdentity,
                                    std::move(link), context);
    linked = co_await again;
  }
  // A repeat may come after the value was unlinked again.
  if (found.ok() && linked.ok() && !linked->identity().has_end_time() &&
      customer->stage() == contacts::v1::STAGE_ANONYMOUS &&
      request.value().channel() != identity::v1::CHANNEL_VISITOR) {
    KITH_CO_RETURN_IF_ERROR(
        co_await Identify(backends_, context, customer->contact_id()));
  }
  if (found.ok() && linked.ok() && !linked->candidates().empty()) {
    KITH_CO_RETURN_IF_ERROR(co_await Suggest(backends_, context, *linked));
  }
  co_return co_await AnswerHolding(customers_, context, customer,
                                   std::move(linked), response);
}

Task<absl::Status> ContactFlow::Unlink(
    const base::RequestContext& context,
    const v1::UnlinkIdentityRequest& request,
    v1::UnlinkIdentityResponse& response) const {
  const auto customer =
      co_await customers_.FindOne(context, request.customer());
  const absl::Status& found = customer.status();
  auto unlink =
      ForwardedOf<identity::v1::UnlinkIdentityRequest>(request, customer);
  if (absl::IsNotFound(found)) {
    // The id that holds the value may have no contact.
    const auto id = co_await customers_.FindId(context, request.customer());
    if (id.ok()) {
      unlink.set_contact_id(*id);
      unlink.add_absent_contact_ids(*id);
    }
  }
  if (!found.ok() && unlink.contact_id().empty() &&
      !MayBeRepeat(found, request)) {
    co_return found;
  }
  auto call = backends_.Identity(&Backends::IdentityStub::UnlinkIdentity,
                                 std::move(unlink), context);
  auto unlinked = co_await call;
  co_return co_await AnswerHolding(customers_, context, customer,
                                   std::move(unlinked), response);
}

}  // namespace kith::gateway
