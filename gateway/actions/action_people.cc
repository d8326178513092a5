#include "gateway/actions/action_people.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "common/status/rpc_status.h"
#include "common/status/whole_characters.h"
#include "gateway/flows/view_parts.h"
#include "google/rpc/error_details.pb.h"

namespace kith::gateway {
namespace {

using interactions::v1::Action;
using interactions::v1::Interaction;
using interactions::v1::Kind;

// What an agent takes in at a glance.
constexpr size_t kBodyCharacters = 500;

WantedParts PartsOfPerson() {
  WantedParts wanted;
  wanted.contact = wanted.identities = wanted.summary = wanted.threads = false;
  return wanted;
}

bool IsSaidByCustomer(const Interaction& interaction) {
  return interaction.direction() == interactions::v1::DIRECTION_INBOUND &&
         !interaction.automated();
}

// The newest of a kind.
template <typename Interactions, typename Predicate>
std::optional<Interaction> FindNewest(const Interactions& interactions,
                                      const Predicate& fits) {
  const auto found = absl::c_find_if(interactions, fits);
  if (found == interactions.end()) return std::nullopt;
  Interaction shown = *found;
  shown.set_body(
      std::string(status::FirstCharacters(found->body(), kBodyCharacters)));
  return shown;
}

// Of interactions of a thread, or if `thread_id` is empty of any.
template <typename Interactions>
std::optional<Interaction> FindWords(const Interactions& interactions,
                                     const std::string& thread_id) {
  return FindNewest(interactions, [&](const Interaction& interaction) {
    return IsSaidByCustomer(interaction) &&
           (thread_id.empty() || interaction.thread_id() == thread_id);
  });
}

Interaction& LastOf(Kind kind, v1::Person& person) {
  return kind == interactions::v1::KIND_CALL ? *person.mutable_last_call()
                                             : *person.mutable_last_purchase();
}

bool HasLast(Kind kind, const v1::Person& person) {
  return kind == interactions::v1::KIND_CALL ? person.has_last_call()
                                             : person.has_last_purchase();
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

void ActionPeople::Join(contacts::v1::Contact contact) {
  const bool is_new =
      by_canonical_id_.emplace(contact.canonical_id(), people_.size()).second;
  if (is_new) people_.push_back({.contact = std::move(contact)});
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
  const size_t begin = people_.size();
  for (const std::string& id : ids) {
    const auto contact = contacts.find(id);
    Join(contact == contacts.end() ? MissingContact(id) : contact->second);
  }
  std::string no_reason;
  const absl::Status done = co_await ReadAndLease(begin, std::move(no_reason));
  co_return done;
}

Task<absl::Status> ActionPeople::TakeOver(contacts::v1::Contact customer,
                                          std::string take_over_reason) {
  Join(std::move(customer));
  KITH_CO_RETURN_IF_ERROR(
      co_await ReadAndLease(people_.size() - 1, std::move(take_over_reason)));
  co_return people_.back().leased;
}

Task<absl::Status> ActionPeople::Read(size_t begin) {
  ViewParts parts(backends_, context_, PartsOfPerson());
  for (size_t i = begin; i < people_.size(); ++i) {
    const auto& ids = people_[i].contact.member_ids();
    parts.Add({{ids.begin(), ids.end()}, std::nullopt});
  }
  parts.Ask();
  std::vector<CollectedParts> collected = co_await parts.Collect();
  for (size_t i = begin; i < people_.size(); ++i) {
    auto& activity = collected[i - begin].activity;
    KITH_CO_RETURN_IF_ERROR(activity.status());
    One& one = people_[i];
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

Task<absl::Status> ActionPeople::ReadAndLease(size_t begin,
                                              std::string take_over_reason) {
  KITH_CO_RETURN_IF_ERROR(co_await Read(begin));
  struct Asked {
    One& one;
    std::vector<std::string> contact_ids;
    PendingCall<interactions::v1::LeaseActionsResponse> call;
  };
  std::vector<Asked> calls;
  for (size_t i = begin; i < people_.size(); ++i) {
    std::vector<std::string> ids = NotLeased(people_[i]);
    if (ids.empty()) continue;
    auto call = Lease(ids, take_over_reason);
    calls.push_back({people_[i], std::move(ids), std::move(call)});
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

Task<std::vector<v1::Person>> ActionPeople::Describe() {
  std::vector<const One*> these;
  for (const One& one : people_) {
    if (one.counts()) these.push_back(&one);
  }
  std::vector<v1::Person> people = co_await DescribeThese(std::move(these));
  co_return people;
}

Task<v1::Person> ActionPeople::DescribeFirst() {
  std::vector<const One*> first;
  first.push_back(&people_.front());
  std::vector<v1::Person> people = co_await DescribeThese(std::move(first));
  co_return std::move(people.front());
}

Task<std::vector<v1::Person>> ActionPeople::DescribeThese(
    std::vector<const One*> these) {
  std::vector<v1::Person> people;
  for (const One* one : these) people.push_back(PersonOf(*one));
  // Side by side.
  AskedLast asked[] = {AskLast(interactions::v1::KIND_CALL, these, people),
                       AskLast(interactions::v1::KIND_PURCHASE, these, people)};
  std::vector<AskedWords> words = AskWords(these, people);
  for (AskedLast& last : asked) {
    auto& call = last.call;
    const auto listed = co_await call;
    if (listed.ok()) FillLast(last, *listed, people);
  }
  for (AskedWords& one : words) {
    auto& call = one.call;
    const auto thread = co_await call;
    if (!thread.ok()) continue;
    if (auto said = FindWords(thread->interactions(), "")) {
      *people[one.index].mutable_last_words() = *std::move(said);
    }
  }
  co_return people;
}

v1::Person ActionPeople::PersonOf(const One& one) const {
  v1::Person person;
  person.set_canonical_id(one.contact.canonical_id());
  *person.mutable_contact_ids() = one.contact.member_ids();
  person.set_display_name(one.contact.display_name());
  person.set_stage(one.contact.stage());
  for (const Action& action : one.actions) {
    Action& shown = *person.add_actions();
    shown = action;
    const auto lease = leases_.find(action.contact_id());
    if (lease != leases_.end()) *shown.mutable_lease() = lease->second;
  }
  person.set_more_actions(one.more_actions);
  std::string thread_id;
  if (const Action* first = one.first_action(); first != nullptr) {
    *person.mutable_reason() = first->reason();
    thread_id = first->thread_id();
    const auto lease = leases_.find(first->contact_id());
    if (lease != leases_.end()) *person.mutable_lease() = lease->second;
  }
  if (auto words = FindWords(one.newest, thread_id)) {
    *person.mutable_last_words() = *std::move(words);
  }
  for (const Kind kind :
       {interactions::v1::KIND_CALL, interactions::v1::KIND_PURCHASE}) {
    auto last = FindNewest(one.newest, [&](const Interaction& interaction) {
      return interaction.kind() == kind;
    });
    if (last.has_value()) LastOf(kind, person) = *std::move(last);
  }
  if (one.contact.has_delete_time()) {
    person.add_warnings(v1::PERSON_WARNING_CONTACT_DELETED);
  }
  return person;
}

ActionPeople::AskedLast ActionPeople::AskLast(
    Kind kind, const std::vector<const One*>& these,
    const std::vector<v1::Person>& people) const {
  using Call = PendingCall<interactions::v1::ListInteractionsResponse>;
  interactions::v1::ListInteractionsRequest list;
  std::vector<size_t> indexes;
  int64_t members = 0;
  for (size_t i = 0; i < these.size(); ++i) {
    if (!these[i]->older || HasLast(kind, people[i])) continue;
    *list.add_sets()->mutable_contact_ids() = these[i]->contact.member_ids();
    members += these[i]->contact.member_ids_size();
    indexes.push_back(i);
  }
  if (indexes.empty()) {
    return {kind, {}, Call::Failed(absl::NotFoundError("nobody to ask for"))};
  }
  list.set_page_size(1);
  list.set_kind(kind);
  return {kind, std::move(indexes),
          backends_.Interactions(&Backends::InteractionsStub::ListInteractions,
                                 std::move(list),
                                 backends_.ForPart(context_, members))};
}

void ActionPeople::FillLast(
    const AskedLast& asked,
    const interactions::v1::ListInteractionsResponse& listed,
    std::vector<v1::Person>& people) {
  const int size =
      std::min(listed.results_size(), static_cast<int>(asked.indexes.size()));
  for (int n = 0; n < size; ++n) {
    auto last = FindNewest(listed.results(n).interactions(),
                           [](const Interaction&) { return true; });
    if (!last.has_value()) continue;
    LastOf(asked.kind, people[asked.indexes[n]]) = *std::move(last);
  }
}

std::vector<ActionPeople::AskedWords> ActionPeople::AskWords(
    const std::vector<const One*>& these,
    const std::vector<v1::Person>& people) const {
  std::vector<AskedWords> calls;
  for (size_t i = 0; i < these.size(); ++i) {
    const Action* first = these[i]->first_action();
    if (!these[i]->older || people[i].has_last_words()) continue;
    if (first == nullptr || first->thread_id().empty()) continue;
    interactions::v1::GetThreadRequest get;
    get.set_thread_id(first->thread_id());
    calls.push_back({i, backends_.Interactions(
                            &Backends::InteractionsStub::GetThread,
                            std::move(get), backends_.ForPart(context_, 1))});
  }
  return calls;
}

}  // namespace kith::gateway
