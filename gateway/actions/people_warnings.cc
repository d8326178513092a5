#include "gateway/actions/people_warnings.h"

#include <cstdint>
#include <utility>

#include "absl/algorithm/container.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::gateway {
namespace {

using identity::v1::BatchMayContactRequest;

// As identity-svc takes in one call.
constexpr int64_t kMembersOfCall = 10'000;

// Of the suggestions of a person, those that are looked at for one.
constexpr int32_t kSuggestionsRead = 20;

bool IsRefusal(identity::v1::MayContactReason reason) {
  return reason == identity::v1::MAY_CONTACT_REASON_REFUSED ||
         reason == identity::v1::MAY_CONTACT_REASON_SUPPRESSED;
}

bool AsksWhoItIs(const interactions::v1::Action& action) {
  return action.review_cause() ==
             interactions::v1::REVIEW_CAUSE_AMBIGUOUS_CALLER ||
         action.review_cause() == interactions::v1::REVIEW_CAUSE_SHARED_VALUE;
}

bool MayBeAnother(const v1::Person& person) {
  return absl::c_linear_search(person.warnings(),
                               v1::PERSON_WARNING_MAY_BE_ANOTHER);
}

}  // namespace

bool RefusesAdvertising(const identity::v1::MayContactResponse& answer) {
  return IsRefusal(answer.reason()) ||
         absl::c_any_of(answer.permissions(), [](const auto& permission) {
           return IsRefusal(permission.reason());
         });
}

void WarnOfAnother(v1::Person& person) {
  if (MayBeAnother(person)) return;
  person.add_warnings(v1::PERSON_WARNING_MAY_BE_ANOTHER);
}

void WarnByActions(v1::Person& person) {
  if (absl::c_any_of(person.actions(), AsksWhoItIs)) WarnOfAnother(person);
}

AskedRefusals::AskedRefusals(const Backends& backends,
                             const base::RequestContext& context,
                             const std::vector<v1::Person>& people) {
  size_t next = 0;
  while (next < people.size()) {
    const size_t first = next;
    BatchMayContactRequest batch;
    int64_t members = 0;
    for (; next < people.size(); ++next) {
      const auto& ids = people[next].contact_ids();
      if (next > first && members + ids.size() > kMembersOfCall) break;
      members += ids.size();
      auto& question = *batch.add_requests();
      *question.mutable_contact_ids() = ids;
      question.set_purpose(identity::v1::CONSENT_PURPOSE_MARKETING);
    }
    calls_.push_back(
        {first, backends.Identity(&Backends::IdentityStub::BatchMayContact,
                                  std::move(batch),
                                  backends.ForPart(context, members))});
  }
}

Task<int> AskedRefusals::Warn(std::vector<v1::Person>& people) {
  int warned = 0;
  for (Asked& asked : calls_) {
    auto& call = asked.call;
    const auto answered = co_await call;
    if (!answered.ok()) continue;
    size_t index = asked.first;
    for (const auto& result : answered->results()) {
      if (index == people.size()) break;
      v1::Person& person = people[index++];
      if (!RefusesAdvertising(result.response())) continue;
      person.add_warnings(v1::PERSON_WARNING_REFUSES_ADVERTISING);
      ++warned;
    }
  }
  co_return warned;
}

AskedSuggestions::AskedSuggestions(const Backends& backends,
                                   const base::RequestContext& context,
                                   const std::vector<v1::Person>& people) {
  for (size_t i = 0; i < people.size(); ++i) {
    if (MayBeAnother(people[i])) continue;
    contacts::v1::ListSuggestionsRequest list;
    list.set_contact_id(people[i].canonical_id());
    list.set_page_size(kSuggestionsRead);
    calls_.push_back(
        {i, backends.Contacts(
                &Backends::ContactsStub::ListSuggestions, std::move(list),
                backends.ForPart(context, people[i].contact_ids_size()))});
  }
}

Task<int> AskedSuggestions::Warn(std::vector<v1::Person>& people) {
  int warned = 0;
  for (Asked& asked : calls_) {
    auto& call = asked.call;
    const auto listed = co_await call;
    if (!listed.ok() || listed->suggestions().empty()) continue;
    WarnOfAnother(people[asked.index]);
    ++warned;
  }
  co_return warned;
}

}  // namespace kith::gateway
