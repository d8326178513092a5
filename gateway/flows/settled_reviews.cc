#include "gateway/flows/settled_reviews.h"

#include <cstdint>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gateway/flows/request_id.h"

namespace kith::gateway {
namespace {

using interactions::v1::Action;
using interactions::v1::DismissActionsRequest;
using Ids = std::set<std::string>;
using Stub = Backends::InteractionsStub;

// As interactions-svc lists and dismisses in one call.
constexpr int kListed = 500;
constexpr int kDismissed = 50;

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
        return action.review_cause() ==
                   interactions::v1::REVIEW_CAUSE_QUARANTINED_VALUE &&
               action.identity_key() == key;
      };
  std::string note = absl::StrCat("The value is released. ",
                                  released.quarantine().end_reason());
  const base::Principal& caller = *context.principal;
  std::string agent = caller.person.empty() ? caller.key_id : "";
  const int dismissed =
      co_await Dismiss(context, backends, std::move(holder), std::move(settles),
                       std::move(note), std::move(agent));
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
