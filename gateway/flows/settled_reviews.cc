#include "gateway/flows/settled_reviews.h"

#include <cstdint>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gateway/flows/request_id.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {
namespace {

using interactions::v1::Action;
using interactions::v1::DismissActionsRequest;
using Ids = std::set<std::string>;
using Stub = Backends::InteractionsStub;

// As interactions-svc lists and dismisses in one call.
constexpr int kListed = 500;
constexpr int kDismissed = 50;

// What counts for nobody as long as a stand-in has it (see ReviewOfShared).
constexpr interactions::v1::Kind kCountedKinds[] = {
    interactions::v1::KIND_PURCHASE, interactions::v1::KIND_RETURN};

// What was decided of the contacts of two sides, which may be the same.
struct Decided {
  Ids one_side = {};
  Ids other_side = {};
  std::string note = {};

  // The REVIEW asks about a contact of each side.
  bool Settles(const Action& action) const {
    const std::string other_id = AmbiguousOf(action);
    const std::string& id = action.contact_id();
    return (one_side.contains(id) && other_side.contains(other_id)) ||
           (other_side.contains(id) && one_side.contains(other_id));
  }
};

// A person is who the token says, whatever the actor is called.
std::string AgentOf(const base::RequestContext& context,
                    const contacts::v1::Actor& actor) {
  return context.principal->person.empty() ? actor.name() : "";
}

// A key that is of no person is named by its id.
std::string CallerOf(const base::RequestContext& context) {
  const base::Principal& caller = *context.principal;
  return caller.person.empty() ? caller.key_id : "";
}

// Whether the action asks to release a quarantined value, or to say whose it
// is.
bool AsksOfQuarantine(const Action& action, const std::string& identity_key) {
  return action.review_cause() ==
             interactions::v1::REVIEW_CAUSE_QUARANTINED_VALUE &&
         action.identity_key() == identity_key;
}

// Dismisses the open actions of some contacts that are settled.
Task<int> Dismiss(const base::RequestContext& context, const Backends& backends,
                  Ids members, std::function<bool(const Action&)> settles,
                  std::string note, std::string agent) {
  const base::RequestContext part =
      backends.ForPart(context, static_cast<int64_t>(members.size()));
  interactions::v1::ListActionsRequest list;
  list.add_sets()->mutable_contact_ids()->Add(members.begin(), members.end());
  list.set_page_size(kListed);
  auto listing =
      backends.Interactions(&Stub::ListActions, std::move(list), part);
  const auto listed = co_await listing;
  if (!listed.ok() || listed->results().empty()) co_return 0;
  DismissActionsRequest dismiss;
  for (const Action& action : listed->results(0).actions()) {
    if (!settles(action)) continue;
    if (dismiss.actions_size() == kDismissed) break;
    auto& name = *dismiss.add_actions();
    name.set_contact_id(action.contact_id());
    name.set_action_id(action.action_id());
  }
  if (dismiss.actions().empty()) co_return 0;
  dismiss.set_agent(std::move(agent));
  dismiss.set_note(std::move(note));
  dismiss.set_request_id(RequestId(""));
  auto dismissing =
      backends.Interactions(&Stub::DismissActions, std::move(dismiss), part);
  const auto dismissed = co_await dismissing;
  co_return dismissed.ok() ? dismissed->actions_size() : 0;
}

Task<int> DismissDecided(const base::RequestContext& context,
                         const Backends& backends, Decided decided,
                         std::string agent) {
  Ids members = decided.one_side;
  members.insert(decided.other_side.begin(), decided.other_side.end());
  std::string note = std::move(decided.note);
  std::function<bool(const Action&)> settles =
      [decided = std::move(decided)](const Action& action) {
        return decided.Settles(action);
      };
  const int dismissed =
      co_await Dismiss(context, backends, std::move(members),
                       std::move(settles), std::move(note), std::move(agent));
  co_return dismissed;
}

Ids GroupOfId(const ContactsById& contacts, const std::string& id) {
  Ids members = {id};
  const auto contact = contacts.find(id);
  if (contact == contacts.end()) return members;
  members.insert(contact->second.member_ids().begin(),
                 contact->second.member_ids().end());
  return members;
}

}  // namespace

bool AsksToUndelete(const Action& action) {
  return action.review_cause() ==
         interactions::v1::REVIEW_CAUSE_CONTACT_DELETED;
}

std::string AmbiguousOf(const Action& action) {
  const bool asks =
      action.review_cause() == interactions::v1::REVIEW_CAUSE_AMBIGUOUS_CALLER;
  return asks ? action.other_contact_id() : "";
}

Task<int> DismissReviewsOfReleased(const base::RequestContext& context,
                                   const Backends& backends,
                                   const identity::v1::Identity& released) {
  if (released.contact_id().empty()) co_return 0;
  Ids holder = {released.contact_id()};
  std::function<bool(const Action&)> settles =
      [key = released.identity_key()](const Action& action) {
        return AsksOfQuarantine(action, key);
      };
  std::string note = absl::StrCat("The value is released. ",
                                  released.quarantine().end_reason());
  std::string agent = CallerOf(context);
  const int dismissed =
      co_await Dismiss(context, backends, std::move(holder), std::move(settles),
                       std::move(note), std::move(agent));
  co_return dismissed;
}

Task<int> DismissReviewsOfUnlinked(
    const base::RequestContext& context, const Backends& backends,
    const absl::StatusOr<identity::v1::UnlinkIdentityResponse>& unlinked) {
  if (!unlinked.ok() || unlinked->identity().contact_id().empty()) co_return 0;
  Ids holder = {unlinked->identity().contact_id()};
  std::function<bool(const Action&)> settles =
      [key = unlinked->identity().identity_key()](const Action& action) {
        return AsksOfQuarantine(action, key);
      };
  std::string note = "The value is unlinked.";
  std::string agent = CallerOf(context);
  const int dismissed =
      co_await Dismiss(context, backends, std::move(holder), std::move(settles),
                       std::move(note), std::move(agent));
  co_return dismissed;
}

Task<int> DismissReviewsOfMoved(const base::RequestContext& context,
                                const Backends& backends,
                                const std::vector<contacts::v1::Contact>& sides,
                                const identity::v1::Identity& former) {
  if (former.identity_key().empty()) co_return 0;
  Decided decided;
  const auto& from = sides.front().member_ids();
  const auto& to = sides.back().member_ids();
  decided.one_side = {from.begin(), from.end()};
  decided.other_side = {to.begin(), to.end()};
  Ids members = decided.one_side;
  members.insert(to.begin(), to.end());
  std::function<bool(const Action&)> settles = [decided = std::move(decided),
                                                former](const Action& action) {
    if (action.identity_key() != former.identity_key()) return false;
    return decided.Settles(action) ||
           (AsksOfQuarantine(action, former.identity_key()) &&
            action.contact_id() == former.contact_id());
  };
  std::string note = "It is said whose the value is: moved.";
  std::string agent = CallerOf(context);
  const int dismissed =
      co_await Dismiss(context, backends, std::move(members),
                       std::move(settles), std::move(note), std::move(agent));
  co_return dismissed;
}

Task<int> DismissReviewsOfReassigned(const base::RequestContext& context,
                                     const Backends& backends,
                                     std::string contact_id,
                                     std::string agent) {
  const base::RequestContext part = backends.ForPart(context, 1);
  for (const auto kind : kCountedKinds) {
    interactions::v1::ListInteractionsRequest list;
    list.add_sets()->add_contact_ids(contact_id);
    list.set_page_size(1);
    list.set_kind(kind);
    auto listing =
        backends.Interactions(&Stub::ListInteractions, std::move(list), part);
    const auto listed = co_await listing;
    if (!listed.ok() || listed->results().empty()) co_return 0;
    if (!listed->results(0).interactions().empty()) co_return 0;
  }
  Ids stand_in = {std::move(contact_id)};
  std::function<bool(const Action&)> settles = [](const Action& action) {
    return action.review_cause() == interactions::v1::REVIEW_CAUSE_SHARED_VALUE;
  };
  std::string note = "All that was sold or given back is moved to who it was.";
  if (agent.empty()) agent = CallerOf(context);
  const int dismissed =
      co_await Dismiss(context, backends, std::move(stand_in),
                       std::move(settles), std::move(note), std::move(agent));
  co_return dismissed;
}

Task<int> DismissReviewsOfMerged(const base::RequestContext& context,
                                 const Backends& backends,
                                 const contacts::v1::Contact& merged,
                                 const contacts::v1::Actor& actor) {
  if (merged.member_ids_size() < 2) co_return 0;
  Decided decided;
  decided.one_side = {merged.member_ids().begin(), merged.member_ids().end()};
  decided.other_side = decided.one_side;
  decided.note = "They are one customer: merged.";
  std::string agent = AgentOf(context, actor);
  const int dismissed = co_await DismissDecided(
      context, backends, std::move(decided), std::move(agent));
  co_return dismissed;
}

Task<int> DismissReviewsOfRejected(const base::RequestContext& context,
                                   const Backends& backends,
                                   const CustomerFlow& customers,
                                   const contacts::v1::Suggestion& rejected,
                                   const contacts::v1::Actor& actor) {
  if (rejected.contact_id().empty()) co_return 0;
  const base::RequestContext part = backends.ForPart(context, 2);
  std::vector<std::string> ids = {rejected.contact_id(), rejected.other_id()};
  const auto contacts = co_await customers.GetContacts(part, std::move(ids));
  if (!contacts.ok()) co_return 0;
  Decided decided;
  decided.one_side = GroupOfId(*contacts, rejected.contact_id());
  decided.other_side = GroupOfId(*contacts, rejected.other_id());
  decided.note = "They are not the same: the suggestion was rejected.";
  std::string agent = AgentOf(context, actor);
  const int dismissed = co_await DismissDecided(
      context, backends, std::move(decided), std::move(agent));
  co_return dismissed;
}

Task<int> DismissReviewsOfUndeleted(const base::RequestContext& context,
                                    const Backends& backends,
                                    const contacts::v1::Contact& customer,
                                    std::string agent) {
  Ids members = {customer.member_ids().begin(), customer.member_ids().end()};
  std::function<bool(const Action&)> settles = AsksToUndelete;
  std::string note(kThereAgain);
  const int dismissed =
      co_await Dismiss(context, backends, std::move(members),
                       std::move(settles), std::move(note), std::move(agent));
  co_return dismissed;
}

}  // namespace kith::gateway
