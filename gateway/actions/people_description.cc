// The methods of ActionPeople that describe people to an agent.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "common/status/whole_characters.h"
#include "gateway/actions/action_people.h"
#include "gateway/actions/people_choices.h"
#include "gateway/actions/people_warnings.h"

namespace kith::gateway {
namespace {

using interactions::v1::Action;
using interactions::v1::Interaction;
using interactions::v1::Kind;

// What an agent takes in at a glance.
constexpr size_t kBodyCharacters = 500;

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
  AskedRefusals refusals(backends_, context_, people);
  AskedSuggestions suggestions(backends_, context_, people);
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
    auto said = FindWords(thread->interactions(), "");
    // A thread may have none, such as one that was made by hand.
    if (!said.has_value() && thread->next_page_token().empty()) {
      said = FindWords(these[one.index]->newest, "");
    }
    if (!said.has_value()) continue;
    *people[one.index].mutable_last_words() = *std::move(said);
  }
  std::vector<size_t> stand_ins;
  for (size_t i = 0; i < these.size(); ++i) {
    if (these[i]->contact.stand_in()) stand_ins.push_back(i);
  }
  co_await AddChoices(backends_, customers_, context_, std::move(stand_ins),
                      people);
  co_await refusals.Warn(people);
  co_await suggestions.Warn(people);
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
  auto words = FindWords(one.newest, thread_id);
  // These are all that there are; else the thread is asked.
  if (!words.has_value() && !one.older) words = FindWords(one.newest, "");
  if (words.has_value()) *person.mutable_last_words() = *std::move(words);
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
  WarnByActions(person);
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
