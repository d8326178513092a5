#include "gateway/actions/people_choices.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "gateway/actions/people_warnings.h"
#include "gateway/sharing/shared_values.h"

namespace kith::gateway {

Task<int> AddChoices(const Backends& backends, const CustomerFlow& customers,
                     const base::RequestContext& context,
                     std::vector<size_t> stand_ins,
                     std::vector<v1::Person>& people) {
  if (stand_ins.empty()) co_return 0;
  identity::v1::ListIdentitiesRequest list;
  for (const size_t index : stand_ins) {
    v1::Person& person = people[index];
    list.add_sets()->add_contact_ids(person.canonical_id());
    WarnOfAnother(person);
  }
  const base::RequestContext part =
      backends.ForPart(context, static_cast<int64_t>(stand_ins.size()));
  auto listing = backends.list_identities().Call(std::move(list), part);
  const auto listed = co_await listing;
  if (!listed.ok()) co_return 0;
  const size_t answered =
      std::min(stand_ins.size(), static_cast<size_t>(listed->results_size()));
  std::vector<std::vector<std::string>> sharers;
  std::vector<std::string> ids;
  for (size_t i = 0; i < answered; ++i) {
    sharers.push_back(
        SharersOf(listed->results(static_cast<int>(i)).identities()));
    ids.insert(ids.end(), sharers.back().begin(), sharers.back().end());
  }
  const auto contacts = co_await customers.GetContacts(part, std::move(ids));
  if (!contacts.ok()) co_return 0;
  for (size_t i = 0; i < answered; ++i) {
    AddPossible(sharers[i], *contacts,
                *people[stand_ins[i]].mutable_possible_customers());
  }
  co_return static_cast<int>(answered);
}

}  // namespace kith::gateway
