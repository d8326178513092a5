#include "gateway/actions/action_people.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "common/status/rpc_status.h"
#include "gateway/flows/request_id.h"
#include "gateway/flows/settled_reviews.h"
#include "gateway/flows/view_parts.h"
#include "google/rpc/error_details.pb.h"

namespace kith::gateway {
namespace {

using interactions::v1::Action;
using interactions::v1::Interaction;

// As interactions-svc dismisses in one call.
constexpr int kActionsOfCall = 50;

WantedParts PartsOfPerson() {
  WantedParts wanted;
  wanted.contact = wanted.identities = wanted.summary = wanted.threads = false;
  wanted.may_be = false;
  return wanted;
}

}  // namespace

contacts::v1::Contact MissingContact(const std::string& contact_id) {
  contacts::v1::Contact contact;
  contact.set_contact_id(contact_id);
  contact.set_canonical_id(contact_id);
  contact.add_member_ids(contact_id);
  contact.mutable_delete_time();
  return contact;
}

bool IsLeasedByOther(const absl::Status& status) {
  const auto info = status::FindDetail<google::rpc::ErrorInfo>(status);
  return absl::IsFailedPrecondition(status) && info.has_value() &&
         info->reason() == "LEASED_BY_OTHER";
}

const Action* ActionPeople::One::first_action() const {
  const auto open = absl::c_find_if(actions, [](const Action& action) {
    return action.state() == interactions::v1::ACTION_STATE_OPEN;
  });
  if (open != actions.end()) return &*open;
  return actions.empty() ? nullptr : &actions.front();
}

bool ActionPeople::Join(contacts::v1::Contact contact) {
  const bool is_new =
      by_canonical_id_.emplace(contact.canonical_id(), people_.size()).second;
  if (is_new) people_.push_back({.contact = std::move(contact)});
  return is_new;
}

Task<absl::Status> ActionPeople::Add(
    const interactions::v1::LeaseNextActionsResponse& leased) {
  std::vector<std::string> ids;
  for (const interactions::v1::LeasedContact& contact : leased.contacts()) {
    if (!leases_.contains(contact.contact_id())) {
      ids.push_back(contact.contact_id());
    }
    NoteLease(contact);
  }
  KITH_CO_ASSIGN_OR_RETURN(const ContactsById contacts,
                           co_await customers_.GetContacts(context_, ids));
  std::vector<size_t> added;
  for (const std::string& id : ids) {
    const auto contact = contacts.find(id);
    const bool is_new =
        Join(contact == contacts.end() ? MissingContact(id) : contact->second);
    if (is_new) added.push_back(people_.size() - 1);
  }
  std::string no_reason;
  KITH_CO_RETURN_IF_ERROR(co_await ReadAndLease(added, std::move(no_reason)));
  const absl::Status settled = co_await Settle(std::move(added));
  co_return settled;
}

Task<absl::Status> ActionPeople::TakeOver(contacts::v1::Contact customer,
                                          std::string take_over_reason) {
  Join(std::move(customer));
  std::vector<size_t> last(1, people_.size() - 1);
  KITH_CO_RETURN_IF_ERROR(
      co_await ReadAndLease(std::move(last), take_over_reason));
  const One& one = people_.back();
  if (one.actions.empty()) {
    // There is nothing to lease, but interactions-svc checks the request.
    const std::vector<std::string> ids(1, one.contact.contact_id());
    auto call = Lease(ids, take_over_reason);
    const auto checked = co_await call;
    KITH_CO_RETURN_IF_ERROR(checked.status());
    // An action may have been opened meanwhile.
    for (const auto& contact : checked->contacts()) {
      if (contact.has_lease()) NoteLease(contact);
    }
  }
  co_return one.leased;
}

Task<absl::Status> ActionPeople::Read(std::vector<size_t> indexes) {
  ViewParts parts(backends_, context_, PartsOfPerson());
  for (const size_t index : indexes) {
    const auto& ids = people_[index].contact.member_ids();
    parts.Add({{ids.begin(), ids.end()}, std::nullopt});
  }
  parts.Ask();
  std::vector<CollectedParts> collected = co_await parts.Collect();
  for (size_t i = 0; i < indexes.size(); ++i) {
    auto& activity = collected[i].activity;
    KITH_CO_RETURN_IF_ERROR(activity.status());
    One& one = people_[indexes[i]];
    one.newest.clear();
    one.leased = absl::OkStatus();
    one.actions.assign(activity->actions().begin(), activity->actions().end());
    one.more_actions = activity->more_actions();
    one.older = !activity->next_page_token().empty();
    for (const std::string& encoded : activity->interactions()) {
      Interaction interaction;
      if (!interaction.ParseFromString(encoded)) continue;
      one.newest.push_back(std::move(interaction));
    }
  }
  co_return absl::OkStatus();
}

Task<int> ActionPeople::DismissSettled(std::vector<size_t> indexes) {
  interactions::v1::DismissActionsRequest dismiss;
  for (const size_t index : indexes) {
    if (people_[index].contact.has_delete_time()) continue;
    for (const Action& action : people_[index].actions) {
      if (!AsksToUndelete(action)) continue;
      if (dismiss.actions_size() == kActionsOfCall) break;
      auto& name = *dismiss.add_actions();
      name.set_contact_id(action.contact_id());
      name.set_action_id(action.action_id());
    }
  }
  if (dismiss.actions().empty()) co_return 0;
  dismiss.set_agent(agent_);
  dismiss.set_note(std::string(kThereAgain));
  dismiss.set_request_id(RequestId(""));
  auto call = backends_.Interactions(
      &Backends::InteractionsStub::DismissActions, std::move(dismiss),
      backends_.ForPart(context_, 1));
  const auto dismissed = co_await call;
  if (!dismissed.ok()) co_return 0;
  for (const size_t index : indexes) {
    One& one = people_[index];
    if (one.contact.has_delete_time()) continue;
    std::erase_if(one.actions, AsksToUndelete);
  }
  co_return dismissed->actions_size();
}

Task<absl::Status> ActionPeople::ReadAndLease(std::vector<size_t> indexes,
                                              std::string take_over_reason) {
  KITH_CO_RETURN_IF_ERROR(co_await Read(indexes));
  co_await DismissSettled(indexes);
  struct Asked {
    One& one;
    std::vector<std::string> contact_ids;
    PendingCall<interactions::v1::LeaseActionsResponse> call;
  };
  std::vector<Asked> calls;
  for (const size_t index : indexes) {
    std::vector<std::string> ids = NotLeased(people_[index]);
    if (ids.empty()) continue;
    auto call = Lease(ids, take_over_reason);
    calls.push_back({people_[index], std::move(ids), std::move(call)});
  }
  absl::Status done;
  for (Asked& asked : calls) {
    auto& call = asked.call;
    const auto leased = co_await call;
    if (leased.ok()) {
      for (const auto& contact : leased->contacts()) {
        if (contact.has_lease()) NoteLease(contact);
      }
    } else if (IsLeasedByOther(leased.status())) {
      asked.one.leased = leased.status();
    } else {
      // It may be leased for all that.
      for (const std::string& id : asked.contact_ids) {
        if (leases_.try_emplace(id).second) new_.insert(id);
      }
      done.Update(leased.status());
    }
  }
  co_return done;
}

std::vector<std::string> ActionPeople::NotLeased(const One& one) const {
  std::set<std::string> ids;
  for (const Action& action : one.actions) {
    if (!leases_.contains(action.contact_id())) ids.insert(action.contact_id());
  }
  return {ids.begin(), ids.end()};
}

PendingCall<interactions::v1::LeaseActionsResponse> ActionPeople::Lease(
    const std::vector<std::string>& contact_ids,
    const std::string& take_over_reason) {
  interactions::v1::LeaseActionsRequest lease;
  lease.mutable_contact_ids()->Add(contact_ids.begin(), contact_ids.end());
  lease.set_agent(agent_);
  lease.set_take_over_reason(take_over_reason);
  return backends_.Interactions(&Backends::InteractionsStub::LeaseActions,
                                std::move(lease), context_);
}

void ActionPeople::NoteLease(const interactions::v1::LeasedContact& leased) {
  leases_[leased.contact_id()] = leased.lease();
  if (leased.newly_leased()) new_.insert(leased.contact_id());
}

int ActionPeople::size() const {
  return static_cast<int>(
      absl::c_count_if(people_, [](const One& one) { return one.counts(); }));
}

Task<int> ActionPeople::GiveBackOthers() {
  std::set<std::string> kept;
  for (const One& one : people_) {
    if (!one.counts()) continue;
    kept.insert(one.contact.member_ids().begin(),
                one.contact.member_ids().end());
  }
  std::vector<std::string> ids;
  for (const auto& [id, lease] : leases_) {
    if (!kept.contains(id)) ids.push_back(id);
  }
  const int released = co_await Release(std::move(ids));
  co_return released;
}

Task<int> ActionPeople::GiveBackNew() {
  std::vector<std::string> ids(new_.begin(), new_.end());
  const int released = co_await Release(std::move(ids));
  co_return released;
}

Task<int> ActionPeople::Release(std::vector<std::string> ids) {
  int released = 0;
  for (size_t begin = 0; begin < ids.size(); begin += kContactsOfCall) {
    interactions::v1::ReleaseActionsRequest release;
    const size_t end = std::min(ids.size(), begin + kContactsOfCall);
    release.mutable_contact_ids()->Add(ids.begin() + begin, ids.begin() + end);
    release.set_agent(agent_);
    auto call =
        backends_.Interactions(&Backends::InteractionsStub::ReleaseActions,
                               std::move(release), context_);
    const auto answer = co_await call;
    if (answer.ok()) released += answer->released_count();
  }
  co_return released;
}

}  // namespace kith::gateway
