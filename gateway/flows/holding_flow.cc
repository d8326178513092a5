#include "gateway/flows/holding_flow.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "gateway/calls/scopes.h"
#include "gateway/flows/companions.h"
#include "gateway/flows/contact_flow.h"
#include "gateway/flows/request_id.h"
#include "gateway/flows/settled_reviews.h"
#include "gateway/sharing/shared_values.h"

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

// Those of a method that may call identity-svc by `Requests`, whichever of its
// calls the customer and the value need.
template <typename... Requests>
absl::Status CheckHoldingScopes(const base::RequestContext& context) {
  return CheckScopesOf<identity::v1::BatchResolveIdentitiesRequest,
                       contacts::v1::BatchGetContactsRequest,
                       contacts::v1::EnsureContactRequest, Requests...>(
      context);
}

// What identity-svc is asked of a value, for the customers of a request.
identity::v1::MoveIdentityRequest ForwardedMove(
    const v1::MoveIdentityRequest& request,
    const absl::StatusOr<std::vector<Contact>>& customers) {
  identity::v1::MoveIdentityRequest move;
  if (customers.ok()) {
    move.set_from_contact_id(customers->front().contact_id());
    *move.mutable_from_member_ids() = customers->front().member_ids();
    move.set_to_contact_id(customers->back().contact_id());
    *move.mutable_to_member_ids() = customers->back().member_ids();
  }
  *move.mutable_value() = request.value();
  if (request.has_from_time()) *move.mutable_from_time() = request.from_time();
  move.set_never_theirs(request.never_theirs());
  move.set_reason(request.reason());
  PassRequestId(request, move);
  return move;
}

// What one call moves.
constexpr int32_t kMovedAtOnce = 100;

absl::Status CheckWithInteractions(const base::RequestContext& context,
                                   const v1::MoveIdentityRequest& request) {
  if (!request.with_interactions()) return absl::OkStatus();
  if (!request.never_theirs() || request.request_id().empty()) {
    return absl::InvalidArgumentError(
        "with_interactions: goes with never_theirs and a request_id, by which "
        "the next call goes on");
  }
  return CheckScopesOf<identity::v1::AdvanceInteractionMoveRequest,
                       interactions::v1::ListInteractionsRequest,
                       interactions::v1::ReassignInteractionsRequest>(context);
}

// Moves the newest interactions that came by the value, as what was moved is
// not listed any more. Returns how many.
Task<absl::StatusOr<int64_t>> MoveBatch(
    const Backends& backends, const base::RequestContext& context,
    const std::string& reason, const identity::v1::InteractionMove& move) {
  interactions::v1::ListInteractionsRequest list;
  list.add_sets()->add_contact_ids(move.from_contact_id());
  list.set_page_size(kMovedAtOnce);
  list.set_identity_key(move.identity_key());
  auto read = backends.Interactions(
      &Backends::InteractionsStub::ListInteractions, std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto listed, co_await read);
  interactions::v1::ReassignInteractionsRequest reassign;
  const auto& moving = listed.results(0).interactions();
  for (const auto& interaction : moving) {
    auto& name = *reassign.add_interactions();
    name.set_interaction_id(interaction.interaction_id());
    *name.mutable_occurred_time() = interaction.occurred_time();
  }
  const int64_t count = reassign.interactions_size();
  if (count == 0) co_return 0;
  // First, as what is moved is not listed again if this is cut off.
  const auto purchase_time = FirstPurchaseOf(moving);
  KITH_CO_RETURN_IF_ERROR(co_await MakeCustomer(
      backends, context, move.to_contact_id(), purchase_time));
  reassign.set_contact_id(move.from_contact_id());
  reassign.set_to_contact_id(move.to_contact_id());
  reassign.set_reason(reason.empty() ? "The value was never theirs." : reason);
  reassign.set_request_id(RequestId(""));
  auto write =
      backends.Interactions(&Backends::InteractionsStub::ReassignInteractions,
                            std::move(reassign), context);
  const auto reassigned = co_await write;
  if (absl::IsNotFound(reassigned.status())) {
    co_return absl::AbortedError(
        "an interaction was changed at the same time; send the request again");
  }
  KITH_CO_RETURN_IF_ERROR(reassigned.status());
  co_return count;
}

// Moves the next interactions that came by a value which was never their
// contact's, and answers how far that has come.
Task<absl::Status> MoveInteractions(const Backends& backends,
                                    const base::RequestContext& context,
                                    const v1::MoveIdentityRequest& request,
                                    v1::MoveIdentityResponse& response) {
  identity::v1::AdvanceInteractionMoveRequest advance;
  identity::v1::InteractionMove& move = *advance.mutable_move();
  // The same for each call of the request.
  move.set_move_id(
      base::Uuid::MakeFrom(absl::UnixEpoch(),
                           absl::StrCat("move/", request.request_id()))
          .ToString());
  move.set_identity_key(response.identity().identity_key());
  move.set_from_contact_id(response.former_identity().contact_id());
  move.set_to_contact_id(response.identity().contact_id());
  auto begin = backends.Identity(
      &Backends::IdentityStub::AdvanceInteractionMove, advance, context);
  KITH_CO_ASSIGN_OR_RETURN(move, co_await begin);
  if (!move.done()) {
    KITH_CO_ASSIGN_OR_RETURN(
        const int64_t count,
        co_await MoveBatch(backends, context, request.reason(), move));
    advance.set_moved_count(count);
    advance.set_done(count == 0);
    auto note = backends.Identity(
        &Backends::IdentityStub::AdvanceInteractionMove, advance, context);
    KITH_CO_ASSIGN_OR_RETURN(move, co_await note);
  }
  response.set_interactions_moved(move.moved_count());
  response.set_interactions_remain(!move.done());
  co_return absl::OkStatus();
}

// Suggests the holder of a value, and who may be the same.
Task<absl::Status> Suggest(
    const Backends& backends, const base::RequestContext& context,
    const identity::v1::Identity& held,
    const google::protobuf::RepeatedPtrField<identity::v1::IdentityCandidate>&
        candidates) {
  contacts::v1::EnsureContactRequest ensure;
  ensure.set_contact_id(held.contact_id());
  for (const auto& candidate : candidates) {
    *ensure.add_companions() = CompanionOf(candidate);
  }
  auto call = backends.Contacts(&Backends::ContactsStub::EnsureContact,
                                std::move(ensure), context);
  const auto ensured = co_await call;
  co_return ensured.status();
}

}  // namespace

Task<absl::Status> Identify(const Backends& backends,
                            const base::RequestContext& context,
                            const Contact& customer,
                            const identity::v1::Identity& held) {
  if (held.has_end_time() || held.channel() == identity::v1::CHANNEL_VISITOR ||
      customer.stage() != contacts::v1::STAGE_ANONYMOUS) {
    co_return absl::OkStatus();
  }
  contacts::v1::EnsureContactRequest ensure;
  ensure.set_contact_id(customer.contact_id());
  ensure.set_at_least_stage(contacts::v1::STAGE_LEAD);
  auto call = backends.Contacts(&Backends::ContactsStub::EnsureContact,
                                std::move(ensure), context);
  const auto ensured = co_await call;
  co_return ensured.status();
}

Task<absl::Status> HoldingFlow::Link(const base::RequestContext& context,
                                     const v1::LinkIdentityRequest& request,
                                     v1::LinkIdentityResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(
      CheckHoldingScopes<identity::v1::LinkIdentityRequest>(context));
  const auto customer =
      co_await customers_.FindOne(context, request.customer());
  const absl::Status& found = customer.status();
  if (!found.ok() && !MayBeRepeat(found, request)) co_return found;
  if (found.ok()) {
    KITH_CO_RETURN_IF_ERROR(CheckNoStandIn("customer", *customer));
  }
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
  if (found.ok() && linked.ok()) {
    KITH_CO_RETURN_IF_ERROR(
        co_await Identify(backends_, context, *customer, linked->identity()));
  }
  if (found.ok() && linked.ok() && !linked->candidates().empty()) {
    KITH_CO_RETURN_IF_ERROR(co_await Suggest(
        backends_, context, linked->identity(), linked->candidates()));
  }
  co_return co_await AnswerHolding(customers_, context, customer,
                                   std::move(linked), response);
}

Task<absl::Status> HoldingFlow::Unlink(
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
  if (request.has_end_time()) *unlink.mutable_end_time() = request.end_time();
  unlink.set_reason(request.reason());
  auto call = backends_.Identity(&Backends::IdentityStub::UnlinkIdentity,
                                 std::move(unlink), context);
  auto unlinked = co_await call;
  co_await DismissReviewsOfUnlinked(context, backends_, unlinked);
  co_return co_await AnswerHolding(customers_, context, customer,
                                   std::move(unlinked), response);
}

Task<absl::Status> HoldingFlow::Move(const base::RequestContext& context,
                                     const v1::MoveIdentityRequest& request,
                                     v1::MoveIdentityResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(
      CheckHoldingScopes<identity::v1::MoveIdentityRequest>(context));
  KITH_CO_RETURN_IF_ERROR(CheckWithInteractions(context, request));
  std::vector<CustomerName> names = {
      {"from_customer", &request.from_customer()},
      {"to_customer", &request.to_customer()}};
  const auto customers = co_await customers_.FindAll(context, std::move(names));
  const absl::Status& found = customers.status();
  if (!found.ok() && !MayBeRepeat(found, request)) co_return found;
  if (found.ok()) {
    KITH_CO_RETURN_IF_ERROR(CheckNoStandIn("to_customer", customers->back()));
  }
  auto call = backends_.Identity(&Backends::IdentityStub::MoveIdentity,
                                 ForwardedMove(request, customers), context);
  auto moved = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(found, moved.status()));
  if (customers.ok()) {
    KITH_CO_RETURN_IF_ERROR(co_await Identify(
        backends_, context, customers->back(), moved->identity()));
    co_await DismissReviewsOfMoved(context, backends_, *customers,
                                   moved->former_identity());
  }
  response.mutable_former_identity()->Swap(moved->mutable_former_identity());
  if (request.with_interactions()) {
    *response.mutable_identity() = moved->identity();
    KITH_CO_RETURN_IF_ERROR(
        co_await MoveInteractions(backends_, context, request, response));
  }
  const absl::StatusOr<Contact> holder =
      customers.ok() ? absl::StatusOr<Contact>(customers->back()) : found;
  co_return co_await AnswerHolding(customers_, context, holder,
                                   std::move(moved), response);
}

Task<absl::Status> HoldingFlow::Verify(
    const base::RequestContext& context,
    const v1::VerifyHoldingRequest& request,
    v1::VerifyHoldingResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(
      CheckHoldingScopes<identity::v1::VerifyHoldingRequest>(context));
  const auto customer =
      co_await customers_.FindOne(context, request.customer());
  const absl::Status& found = customer.status();
  if (!found.ok() && !MayBeRepeat(found, request)) co_return found;
  if (found.ok()) {
    KITH_CO_RETURN_IF_ERROR(CheckNoStandIn("customer", *customer));
  }
  auto verify =
      ForwardedOf<identity::v1::VerifyHoldingRequest>(request, customer);
  verify.set_method(request.method());
  if (request.has_verify_time()) {
    *verify.mutable_verify_time() = request.verify_time();
  }
  auto call = backends_.Identity(&Backends::IdentityStub::VerifyHolding,
                                 std::move(verify), context);
  auto verified = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(found, verified.status()));
  if (found.ok()) {
    KITH_CO_RETURN_IF_ERROR(
        co_await Identify(backends_, context, *customer, verified->identity()));
  }
  if (!verified->candidates().empty()) {
    KITH_CO_RETURN_IF_ERROR(co_await Suggest(
        backends_, context, verified->identity(), verified->candidates()));
  }
  co_return co_await AnswerHolding(customers_, context, customer,
                                   std::move(verified), response);
}

}  // namespace kith::gateway
