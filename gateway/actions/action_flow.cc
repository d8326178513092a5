#include "gateway/actions/action_flow.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/uuid.h"
#include "gateway/actions/done_interaction.h"
#include "gateway/calls/field_faults.h"
#include "gateway/calls/scopes.h"
#include "gateway/flows/request_id.h"
#include "gateway/flows/touch_reviews.h"

namespace kith::gateway {
namespace {

using contacts::v1::Contact;
using Stub = Backends::InteractionsStub;

// As interactions-svc leases to one agent.
constexpr int kMaxPeople = 10;
// Merged people and those of another agent take more than one round.
constexpr int kRoundsOfNext = 5;

absl::Status CheckPeopleScopes(const base::RequestContext& context) {
  return CheckScopesOf<interactions::v1::LeaseNextActionsRequest,
                       interactions::v1::LeaseActionsRequest,
                       interactions::v1::ReleaseActionsRequest,
                       interactions::v1::BatchGetActivityRequest,
                       identity::v1::BatchMayContactRequest,
                       contacts::v1::ListSuggestionsRequest,
                       contacts::v1::BatchGetContactsRequest>(context);
}

absl::Status CheckCompleteScopes(const base::RequestContext& context) {
  return CheckScopesOf<interactions::v1::CompleteActionsRequest,
                       interactions::v1::ReleaseActionsRequest,
                       interactions::v1::GetThreadRequest,
                       contacts::v1::BatchGetContactsRequest>(context);
}

// The contact of a customer who was `found`, or is named by the id of a contact
// that does not exist, but may have actions.
absl::StatusOr<Contact> ExistingOrMissing(absl::StatusOr<Contact> found,
                                          const v1::CustomerRef& ref) {
  if (!absl::IsNotFound(found.status()) || !ref.has_contact_id()) return found;
  return MissingContact(base::Uuid::Parse(ref.contact_id())->ToString());
}

// Returns those of `members` that somebody may have leased: all if one call can
// name them, else those of the most urgent actions, or one if there are none.
Task<absl::StatusOr<std::vector<std::string>>> FindLeasable(
    const Backends& backends, const base::RequestContext& context,
    std::vector<std::string> members) {
  if (members.size() <= kContactsOfCall) co_return members;
  interactions::v1::ListActionsRequest list;
  list.add_sets()->mutable_contact_ids()->Add(members.begin(), members.end());
  list.set_page_size(kContactsOfCall);
  auto call =
      backends.Interactions(&Stub::ListActions, std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto listed, co_await call);
  std::set<std::string> ids;
  for (const auto& action : listed.results(0).actions()) {
    ids.insert(action.contact_id());
  }
  // Nobody has leased any of them, but interactions-svc checks the request.
  if (ids.empty()) ids.insert(members.front());
  co_return std::vector<std::string>(ids.begin(), ids.end());
}

// Returns the number of contacts that were given back.
Task<absl::StatusOr<int>> GiveBack(
    const Backends& backends, const base::RequestContext& context,
    std::vector<std::string> members,
    interactions::v1::ReleaseActionsRequest release) {
  KITH_CO_ASSIGN_OR_RETURN(
      const std::vector<std::string> ids,
      co_await FindLeasable(backends, context, std::move(members)));
  if (ids.empty()) co_return 0;
  release.mutable_contact_ids()->Add(ids.begin(), ids.end());
  auto call =
      backends.Interactions(&Stub::ReleaseActions, std::move(release), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto released, co_await call);
  co_return released.released_count();
}

// What interactions-svc is asked of actions that are named.
template <typename Passed, typename Request>
Passed PassActions(const Request& request) {
  Passed passed;
  *passed.mutable_actions() = request.actions();
  passed.set_agent(request.agent());
  passed.set_request_id(RequestId(request.request_id()));
  return passed;
}

void Answer(interactions::v1::CompleteActionsResponse& completed,
            v1::CompleteActionsResponse& response) {
  response.mutable_actions()->Swap(completed.mutable_actions());
  if (completed.has_interaction()) {
    response.mutable_interaction()->Swap(completed.mutable_interaction());
  }
  response.mutable_threads()->Swap(completed.mutable_threads());
  response.mutable_next()->Swap(completed.mutable_next());
}

}  // namespace

Task<absl::Status> ActionFlow::Next(const base::RequestContext& context,
                                    const v1::NextActionsRequest& request,
                                    v1::NextActionsResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(CheckPeopleScopes(context));
  ActionPeople people(backends_, customers_, context, request.agent());
  const absl::Status added = co_await AddNext(context, request, people);
  if (!added.ok()) {
    co_await people.GiveBackNew();
    co_return added;
  }
  co_await people.GiveBackOthers();
  std::vector<v1::Person> described = co_await people.Describe();
  for (v1::Person& person : described) {
    response.add_people()->Swap(&person);
  }
  co_return absl::OkStatus();
}

Task<absl::Status> ActionFlow::AddNext(const base::RequestContext& context,
                                       const v1::NextActionsRequest& request,
                                       ActionPeople& people) const {
  const int wanted = std::max(1, request.person_count());
  // A negative number is for interactions-svc to refuse, with all other faults.
  int contacts = request.person_count() == 0 ? wanted : request.person_count();
  for (int round = 0; round < kRoundsOfNext; ++round) {
    interactions::v1::LeaseNextActionsRequest lease;
    for (const std::string& id : people.excluded()) {
      lease.add_excluded_contact_ids(id);
    }
    *lease.mutable_queues() = request.queues();
    lease.set_agent(request.agent());
    lease.set_contact_count(contacts);
    auto call = backends_.Interactions(&Stub::LeaseNextActions,
                                       std::move(lease), context);
    auto leased = co_await call;
    KITH_CO_RETURN_IF_ERROR(
        RenameFields(leased.status(), "contact_count", "person_count"));
    KITH_CO_RETURN_IF_ERROR(co_await people.Add(*leased));
    const bool more_wait = leased->contacts_size() >= contacts;
    if (!more_wait || people.size() >= wanted) break;
    if (people.leased_count() >= kMaxPeople) break;
    // Some are of one person, or of a person who was left out.
    contacts =
        std::min(kMaxPeople, people.leased_count() + wanted - people.size());
  }
  co_return absl::OkStatus();
}

Task<absl::Status> ActionFlow::Lease(const base::RequestContext& context,
                                     const v1::LeaseActionsRequest& request,
                                     v1::LeaseActionsResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(CheckPeopleScopes(context));
  const auto found = co_await customers_.FindOne(context, request.customer());
  KITH_CO_ASSIGN_OR_RETURN(Contact customer,
                           ExistingOrMissing(found, request.customer()));
  ActionPeople people(backends_, customers_, context, request.agent());
  std::string reason = request.take_over_reason();
  const absl::Status leased =
      co_await people.TakeOver(std::move(customer), std::move(reason));
  // Of who is dealt with by another the agent has no part.
  if (IsLeasedByOther(leased)) {
    co_await people.GiveBackOthers();
  } else if (!leased.ok()) {
    co_await people.GiveBackNew();
  }
  KITH_CO_RETURN_IF_ERROR(RenameFields(leased, "contact_ids", "customer"));
  if (people.size() == 0) KITH_CO_RETURN_IF_ERROR(found.status());
  *response.mutable_person() = co_await people.DescribeFirst();
  co_return absl::OkStatus();
}

Task<absl::Status> ActionFlow::Release(
    const base::RequestContext& context,
    const v1::ReleaseActionsRequest& request,
    v1::ReleaseActionsResponse& response) const {
  const auto found = co_await customers_.FindOne(context, request.customer());
  KITH_CO_ASSIGN_OR_RETURN(const Contact customer,
                           ExistingOrMissing(found, request.customer()));
  std::vector<std::string> members(customer.member_ids().begin(),
                                   customer.member_ids().end());
  interactions::v1::ReleaseActionsRequest release;
  release.set_agent(request.agent());
  release.set_skip_reason(request.skip_reason());
  KITH_CO_ASSIGN_OR_RETURN(
      const int released,
      co_await GiveBack(backends_, context, std::move(members),
                        std::move(release)));
  if (released == 0) KITH_CO_RETURN_IF_ERROR(found.status());
  response.set_released_count(released);
  co_return absl::OkStatus();
}

Task<absl::Status> ActionFlow::Complete(
    const base::RequestContext& context,
    const v1::CompleteActionsRequest& request,
    v1::CompleteActionsResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(CheckCompleteScopes(context));
  KITH_CO_RETURN_IF_ERROR(co_await CheckDone(customers_, context, request));
  auto complete =
      PassActions<interactions::v1::CompleteActionsRequest>(request);
  PreparedDone prepared;
  if (request.has_interaction()) {
    *complete.mutable_interaction() = request.interaction();
    interactions::v1::Interaction& done = *complete.mutable_interaction();
    KITH_CO_ASSIGN_OR_RETURN(std::string contact_id,
                             co_await FindContact(backends_, context, request));
    done.set_contact_id(std::move(contact_id));
    // Its external_id stands for an empty one; without either, a repeat would
    // record it again, and is refused.
    complete.set_request_id(request.request_id());
    KITH_CO_ASSIGN_OR_RETURN(
        prepared, co_await PrepareDone(backends_, customers_, permissions_,
                                       context, complete));
  }
  *complete.mutable_threads() = request.threads();
  *complete.mutable_next() = request.next();
  auto call = backends_.Interactions(&Stub::CompleteActions,
                                     std::move(complete), context);
  auto completed = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(prepared.allowed, completed.status()));
  KITH_CO_RETURN_IF_ERROR(
      co_await RecordStart(backends_, customers_, context, prepared));
  Answer(*completed, response);
  co_await GiveBackOthers(context, request);
  if (!prepared.opted_out) co_return absl::OkStatus();
  const std::vector<Review> reviews = {
      ReviewOfOptOut(response.interaction().contact_id(),
                     response.interaction().interaction_id())};
  co_return co_await OpenReviews(context, backends_, reviews);
}

Task<int> ActionFlow::GiveBackOthers(
    const base::RequestContext& context,
    const v1::CompleteActionsRequest& done) const {
  const base::RequestContext part = backends_.ForPart(context, 1);
  const std::set<std::string> named = ContactsOf(done);
  std::vector<std::string> ids(named.begin(), named.end());
  const auto contacts = co_await customers_.GetContacts(part, std::move(ids));
  if (!contacts.ok()) co_return 0;
  std::set<std::string> others;
  for (const auto& [id, contact] : *contacts) {
    others.insert(contact.member_ids().begin(), contact.member_ids().end());
  }
  // Their leases have ended with the actions.
  for (const std::string& id : named) others.erase(id);
  std::vector<std::string> members(others.begin(), others.end());
  interactions::v1::ReleaseActionsRequest release;
  release.set_agent(done.agent());
  const auto released = co_await GiveBack(backends_, part, std::move(members),
                                          std::move(release));
  co_return released.value_or(0);
}

Task<absl::Status> ActionFlow::Dismiss(
    const base::RequestContext& context,
    const v1::DismissActionsRequest& request,
    v1::DismissActionsResponse& response) const {
  auto dismiss = PassActions<interactions::v1::DismissActionsRequest>(request);
  dismiss.set_note(request.note());
  auto call = backends_.Interactions(&Stub::DismissActions, std::move(dismiss),
                                     context);
  KITH_CO_ASSIGN_OR_RETURN(auto dismissed, co_await call);
  response.mutable_actions()->Swap(dismissed.mutable_actions());
  co_return absl::OkStatus();
}

Task<absl::Status> ActionFlow::Snooze(
    const base::RequestContext& context,
    const v1::SnoozeActionsRequest& request,
    v1::SnoozeActionsResponse& response) const {
  auto snooze = PassActions<interactions::v1::SnoozeActionsRequest>(request);
  if (request.has_until_time()) {
    *snooze.mutable_until_time() = request.until_time();
  }
  auto call =
      backends_.Interactions(&Stub::SnoozeActions, std::move(snooze), context);
  KITH_CO_ASSIGN_OR_RETURN(auto snoozed, co_await call);
  response.mutable_actions()->Swap(snoozed.mutable_actions());
  co_return absl::OkStatus();
}

Task<absl::Status> ActionFlow::Reassign(
    const base::RequestContext& context,
    const v1::ReassignActionsRequest& request,
    v1::ReassignActionsResponse& response) const {
  auto reassign =
      PassActions<interactions::v1::ReassignActionsRequest>(request);
  reassign.set_assignee(request.assignee());
  reassign.set_queue(request.queue());
  auto call = backends_.Interactions(&Stub::ReassignActions,
                                     std::move(reassign), context);
  KITH_CO_ASSIGN_OR_RETURN(auto reassigned, co_await call);
  response.mutable_actions()->Swap(reassigned.mutable_actions());
  co_return absl::OkStatus();
}

Task<absl::Status> ActionFlow::Create(
    const base::RequestContext& context, const v1::CreateActionRequest& request,
    interactions::v1::Action& response) const {
  const absl::StatusOr<Contact> customer =
      co_await customers_.FindOne(context, request.customer());
  const absl::Status& found = customer.status();
  if (!found.ok() && !MayBeRepeat(found, request)) co_return found;
  interactions::v1::CreateActionRequest create;
  *create.mutable_action() = request.action();
  create.mutable_action()->set_contact_id(customer.ok() ? customer->contact_id()
                                                        : "");
  create.set_cause(request.cause());
  PassRequestId(request, create);
  auto call =
      backends_.Interactions(&Stub::CreateAction, std::move(create), context);
  auto created = co_await call;
  KITH_CO_RETURN_IF_ERROR(FailureOf(
      found, RenameFields(created.status(), "action.contact_id", "customer")));
  response = *std::move(created);
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
