#include "gateway/sharing/sharing_flow.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/api/violations.h"
#include "common/base/uuid.h"
#include "gateway/calls/field_faults.h"
#include "gateway/calls/scopes.h"
#include "gateway/flows/holding_flow.h"
#include "gateway/flows/request_id.h"
#include "gateway/sharing/shared_values.h"

namespace kith::gateway {
namespace {

using contacts::v1::Contact;
using identity::v1::ChannelValue;
using IdentityStub = Backends::IdentityStub;

constexpr int kMaxSharers = 20;

// Those of a method that calls identity-svc by `Request`.
template <typename Request>
absl::Status CheckSharingScopes(const base::RequestContext& context) {
  return CheckScopesOf<identity::v1::BatchResolveIdentitiesRequest,
                       contacts::v1::BatchGetContactsRequest,
                       contacts::v1::EnsureContactRequest, Request>(context);
}

// From the request alone, so that a repeat proposes the same contact. The value
// is in it since a request_id may be used again after it is forgotten.
std::string ProposedStandIn(uint64_t tenant_id, const std::string& request_id,
                            const ChannelValue& value) {
  return base::Uuid::MakeFrom(
             absl::UnixEpoch(),
             absl::StrCat("share/", tenant_id, "/", request_id.size(), ":",
                          request_id, "/", value.channel(), "/",
                          value.namespace_(), "/", value.value()))
      .ToString();
}

// Returns the contacts that hold or share the value.
Task<absl::StatusOr<std::set<std::string>>> FindHolders(
    const Backends& backends, const base::RequestContext& context,
    const ChannelValue& value) {
  identity::v1::ResolveIdentityRequest resolve;
  *resolve.mutable_value() = value;
  auto call = backends.Identity(&IdentityStub::ResolveIdentity,
                                std::move(resolve), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto resolved, co_await call);
  std::set<std::string> holders;
  for (const identity::v1::Candidate& candidate : resolved.candidates()) {
    holders.insert(candidate.identity().contact_id());
  }
  co_return holders;
}

// Returns a contact of each customer, each customer once: the one that holds or
// shares the value already, so that nobody shares it twice; else the one named.
std::vector<std::string> SharersAmong(const std::vector<Contact>& customers,
                                      const std::set<std::string>& holders) {
  std::vector<std::string> ids;
  std::set<std::string> seen;
  for (const Contact& customer : customers) {
    if (!seen.insert(customer.canonical_id()).second) continue;
    const auto& members = customer.member_ids();
    const auto holder = absl::c_find_if(
        members, [&](const auto& id) { return holders.contains(id); });
    ids.push_back(holder == members.end() ? customer.contact_id() : *holder);
  }
  return ids;
}

Task<absl::Status> EnsureStandIn(const Backends& backends,
                                 const base::RequestContext& context,
                                 std::string contact_id) {
  contacts::v1::EnsureContactRequest ensure;
  ensure.set_contact_id(std::move(contact_id));
  ensure.set_stand_in(true);
  auto call = backends.Contacts(&Backends::ContactsStub::EnsureContact,
                                std::move(ensure), context);
  const auto ensured = co_await call;
  co_return ensured.status();
}

// The customers who are to share a value. NOT_FOUND and the like if they were
// not found.
Task<absl::StatusOr<std::vector<Contact>>> FindSharers(
    const CustomerFlow& customers, const base::RequestContext& context,
    const v1::ShareIdentityRequest& request) {
  std::vector<CustomerName> names;
  for (int i = 0; i < request.customers_size(); ++i) {
    names.push_back(
        {absl::StrCat("customers[", i, "]"), &request.customers(i)});
  }
  KITH_CO_ASSIGN_OR_RETURN(
      auto found, co_await customers.FindAll(context, std::move(names)));
  for (size_t i = 0; i < found.size(); ++i) {
    KITH_CO_RETURN_IF_ERROR(
        CheckNoStandIn(absl::StrCat("customers[", i, "]"), found[i]));
  }
  co_return found;
}

// The customer that an UnshareIdentity names; a contact without an id if it
// names none.
Task<absl::StatusOr<Contact>> FindNamed(
    const CustomerFlow& customers, const base::RequestContext& context,
    const v1::UnshareIdentityRequest& request) {
  std::vector<CustomerName> names;
  if (request.has_keep_customer()) {
    names.push_back({"keep_customer", &request.keep_customer()});
  } else if (request.has_remove_customer()) {
    names.push_back({"remove_customer", &request.remove_customer()});
  } else {
    co_return Contact();
  }
  KITH_CO_ASSIGN_OR_RETURN(
      auto found, co_await customers.FindAll(context, std::move(names)));
  if (request.has_keep_customer()) {
    KITH_CO_RETURN_IF_ERROR(CheckNoStandIn("keep_customer", found.front()));
  }
  co_return std::move(found.front());
}

identity::v1::UnshareIdentityRequest ForwardedUnshare(
    const v1::UnshareIdentityRequest& request,
    const absl::StatusOr<Contact>& customer) {
  identity::v1::UnshareIdentityRequest unshare;
  *unshare.mutable_value() = request.value();
  unshare.set_reason(request.reason());
  PassRequestId(request, unshare);
  if (!customer.ok()) {
    // Whoever was not found shares nothing. A request that names nobody would
    // end the sharing for all.
    unshare.set_remove_contact_id(base::Uuid().ToString());
  } else if (request.has_keep_customer()) {
    unshare.set_keep_contact_id(customer->contact_id());
  } else if (request.has_remove_customer()) {
    unshare.set_remove_contact_id(customer->contact_id());
    *unshare.mutable_remove_member_ids() = customer->member_ids();
  }
  return unshare;
}

}  // namespace

Task<absl::Status> SharingFlow::Share(
    const base::RequestContext& context,
    const v1::ShareIdentityRequest& request,
    v1::ShareIdentityResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(
      CheckSharingScopes<identity::v1::ShareIdentityRequest>(context));
  api::Violations violations;
  violations.Count("customers", request.customers_size(), 1, kMaxSharers);
  KITH_CO_RETURN_IF_ERROR(violations.ToStatus());
  const auto customers = co_await FindSharers(customers_, context, request);
  const absl::Status& found = customers.status();
  if (!found.ok() && !MayBeRepeat(found, request)) co_return found;
  identity::v1::ShareIdentityRequest share;
  *share.mutable_value() = request.value();
  share.set_reason(request.reason());
  PassRequestId(request, share);
  share.set_proposed_stand_in_contact_id(ProposedStandIn(
      context.tenant_id(), share.request_id(), request.value()));
  if (customers.ok()) {
    KITH_CO_ASSIGN_OR_RETURN(
        const std::set<std::string> holders,
        co_await FindHolders(backends_, context, request.value()));
    const auto ids = SharersAmong(*customers, holders);
    share.mutable_contact_ids()->Assign(ids.begin(), ids.end());
  }
  auto call = backends_.Identity(&IdentityStub::ShareIdentity, std::move(share),
                                 context);
  auto shared = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(
      found, RenameFields(shared.status(), "contact_ids", "customers")));
  co_return co_await AnswerShare(*std::move(shared), context, response);
}

Task<absl::Status> SharingFlow::AnswerShare(
    identity::v1::ShareIdentityResponse shared,
    const base::RequestContext& context,
    v1::ShareIdentityResponse& response) const {
  const identity::v1::Identity& identity = shared.identity();
  KITH_CO_RETURN_IF_ERROR(
      co_await EnsureStandIn(backends_, context, identity.contact_id()));
  std::vector<std::string> ids(identity.sharing_contact_ids().begin(),
                               identity.sharing_contact_ids().end());
  KITH_CO_ASSIGN_OR_RETURN(
      const ContactsById contacts,
      co_await customers_.GetContacts(context, std::move(ids)));
  for (const std::string& id : identity.sharing_contact_ids()) {
    const auto contact = contacts.find(id);
    response.add_canonical_ids(
        contact == contacts.end() ? id : contact->second.canonical_id());
  }
  response.set_former_contact_id(shared.former_contact_id());
  response.mutable_identity()->Swap(shared.mutable_identity());
  co_return absl::OkStatus();
}

Task<absl::Status> SharingFlow::Unshare(
    const base::RequestContext& context,
    const v1::UnshareIdentityRequest& request,
    v1::UnshareIdentityResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(
      CheckSharingScopes<identity::v1::UnshareIdentityRequest>(context));
  if (request.has_keep_customer() && request.has_remove_customer()) {
    co_return absl::InvalidArgumentError(
        "keep_customer, remove_customer: want at most one of them");
  }
  const auto customer = co_await FindNamed(customers_, context, request);
  const absl::Status& found = customer.status();
  if (!found.ok() && !MayBeRepeat(found, request)) co_return found;
  auto call = backends_.Identity(&IdentityStub::UnshareIdentity,
                                 ForwardedUnshare(request, customer), context);
  auto unshared = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(
      found,
      RenameFields(unshared.status(), "remove_contact_id", "remove_customer")));
  if (customer.ok() && request.has_keep_customer()) {
    KITH_CO_RETURN_IF_ERROR(
        co_await Identify(backends_, context, *customer, unshared->identity()));
    response.set_canonical_id(customer->canonical_id());
  }
  response.set_stand_in_contact_id(unshared->stand_in_contact_id());
  response.mutable_identity()->Swap(unshared->mutable_identity());
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
