#include "gateway/flows/customer_flow.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/uuid.h"
#include "common/status/rpc_status.h"
#include "gateway/calls/field_faults.h"

namespace kith::gateway {
namespace {

absl::Status ValidateName(const CustomerName& name) {
  api::Violations violations;
  const v1::CustomerRef& ref = *name.ref;
  switch (ref.ref_case()) {
    case v1::CustomerRef::kContactId:
      violations.Uuid(absl::StrCat(name.field, ".contact_id"),
                      ref.contact_id());
      break;
    case v1::CustomerRef::kValue:
      if (ref.value().value().empty()) {
        violations.Add(absl::StrCat(name.field, ".value.value"),
                       "empty, want a channel value");
      }
      break;
    case v1::CustomerRef::REF_NOT_SET:
      violations.Add(name.field, "not set, want contact_id or value");
      break;
  }
  return violations.ToStatus();
}

// The one customer that is meant.
absl::StatusOr<contacts::v1::Contact> ChooseOne(const CustomerName& name,
                                                const Candidates& candidates,
                                                const ContactsById& contacts) {
  absl::StatusOr<Choice> choice = CustomerFlow::Choose(candidates, contacts);
  if (absl::IsNotFound(choice.status())) {
    return absl::NotFoundError(
        absl::StrCat(name.field, ": nobody is known by this"));
  }
  if (!choice.ok()) return choice.status();
  if (absl::holds_alternative<v1::AmbiguousCustomer>(*choice)) {
    return absl::FailedPreconditionError(absl::StrCat(
        name.field,
        ": the value leads to more than one customer; name the one meant by "
        "contact_id (GetCustomerView lists them)"));
  }
  return absl::get<contacts::v1::Contact>(*std::move(choice));
}

// What is wrong with the refs, of all of them.
absl::Status FaultsOf(const CandidatesOfRefs& found) {
  absl::Status faults;
  for (const absl::StatusOr<Candidates>& candidates : found) {
    faults = JoinFaults(faults, candidates.status());
  }
  return faults;
}

// The contact id in a ref, also where it was typed without saying so.
std::string ContactId(const v1::CustomerRef& ref) {
  const bool is_value = ref.has_value();
  if (is_value && ref.value().channel() != identity::v1::CHANNEL_UNSPECIFIED) {
    return "";
  }
  const auto uuid =
      base::Uuid::Parse(is_value ? ref.value().value() : ref.contact_id());
  return uuid.has_value() ? uuid->ToString() : "";
}

void SetHolders(identity::v1::ResolveIdentityResponse& resolved,
                bool means_stand_in, Candidates& candidates) {
  candidates.stand_in_contact_id = resolved.stand_in_contact_id();
  if (means_stand_in && !candidates.stand_in_contact_id.empty()) {
    candidates.holders.emplace_back().mutable_identity()->set_contact_id(
        candidates.stand_in_contact_id);
    return;
  }
  candidates.holders.assign(resolved.candidates().begin(),
                            resolved.candidates().end());
  if (resolved.has_holder_identities() &&
      resolved.holder_identities().next_page_token().empty()) {
    candidates.identities = std::move(*resolved.mutable_holder_identities());
  }
}

}  // namespace

std::vector<std::string> Candidates::contact_ids() const {
  std::set<std::string> ids;
  if (!contact_id.empty()) ids.insert(contact_id);
  for (const identity::v1::Candidate& holder : holders) {
    ids.insert(holder.identity().contact_id());
  }
  return {ids.begin(), ids.end()};
}

Task<absl::StatusOr<CandidatesOfRefs>> CustomerFlow::FindCandidates(
    const base::RequestContext& context, std::vector<CustomerName> names,
    bool with_identities) const {
  CandidatesOfRefs found;
  identity::v1::BatchResolveIdentitiesRequest request;
  std::vector<size_t> asked;
  for (size_t i = 0; i < names.size(); ++i) {
    const v1::CustomerRef& ref = *names[i].ref;
    if (absl::Status valid = ValidateName(names[i]); !valid.ok()) {
      found.emplace_back(std::move(valid));
      continue;
    }
    Candidates candidates;
    candidates.contact_id = ContactId(ref);
    found.emplace_back(std::move(candidates));
    if (!ref.has_value()) continue;
    identity::v1::ResolveIdentityRequest& resolve = *request.add_requests();
    *resolve.mutable_value() = ref.value();
    resolve.set_include_holder_identities(with_identities);
    resolve.set_include_consents(with_identities);
    asked.push_back(i);
  }
  if (asked.empty()) co_return found;
  auto call = backends_.resolve().Call(std::move(request), context);
  KITH_CO_ASSIGN_OR_RETURN(auto response, co_await call);
  for (size_t n = 0; n < asked.size(); ++n) {
    auto& result = *response.mutable_results(static_cast<int>(n));
    auto& candidates = found[asked[n]];
    if (result.has_error()) {
      candidates = RenameFields(status::FromProto(result.error()), "value",
                                absl::StrCat(names[asked[n]].field, ".value"));
    } else {
      SetHolders(*result.mutable_response(), names[asked[n]].means_stand_in,
                 *candidates);
    }
  }
  co_return found;
}

Task<absl::StatusOr<ContactsById>> CustomerFlow::GetContacts(
    const base::RequestContext& context, std::vector<std::string> ids) const {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<PendingCall<contacts::v1::BatchGetContactsResponse>> calls;
  for (size_t begin = 0; begin < ids.size(); begin += api::kMaxItemsPerCall) {
    contacts::v1::BatchGetContactsRequest request;
    for (size_t i = begin;
         i < std::min(ids.size(), begin + api::kMaxItemsPerCall); ++i) {
      request.add_contact_ids(ids[i]);
    }
    calls.push_back(backends_.get_contacts().Call(std::move(request), context));
  }
  ContactsById contacts;
  for (auto& call : calls) {
    KITH_CO_ASSIGN_OR_RETURN(auto response, co_await call);
    for (contacts::v1::Contact& contact : *response.mutable_contacts()) {
      std::string id = contact.contact_id();
      contacts.emplace(std::move(id), std::move(contact));
    }
  }
  co_return contacts;
}

absl::StatusOr<Choice> CustomerFlow::Choose(const Candidates& candidates,
                                            const ContactsById& contacts) {
  if (const auto it = contacts.find(candidates.contact_id);
      it != contacts.end()) {
    return it->second;
  }
  const contacts::v1::Contact* chosen = nullptr;
  v1::AmbiguousCustomer ambiguous;
  ambiguous.set_stand_in_contact_id(candidates.stand_in_contact_id);
  std::set<std::string> canonical_ids;
  for (const identity::v1::Candidate& holder : candidates.holders) {
    const auto it = contacts.find(holder.identity().contact_id());
    if (it == contacts.end()) continue;
    if (chosen == nullptr) chosen = &it->second;
    canonical_ids.insert(it->second.canonical_id());
    *ambiguous.add_candidates() = holder;
    ambiguous.add_canonical_ids(it->second.canonical_id());
  }
  if (chosen == nullptr) {
    return absl::NotFoundError("customer: nobody is known by this");
  }
  if (canonical_ids.size() > 1) return ambiguous;
  return *chosen;
}

Task<absl::StatusOr<contacts::v1::Contact>> CustomerFlow::FindOne(
    const base::RequestContext& context, const v1::CustomerRef& ref) const {
  std::vector<CustomerName> names = {{"customer", &ref}};
  KITH_CO_ASSIGN_OR_RETURN(auto found,
                           co_await FindAll(context, std::move(names)));
  co_return std::move(found.front());
}

Task<absl::StatusOr<ContactsById>> CustomerFlow::GetCandidates(
    const base::RequestContext& context, const CandidatesOfRefs& found) const {
  std::vector<std::string> ids;
  for (const absl::StatusOr<Candidates>& candidates : found) {
    if (!candidates.ok()) continue;
    const std::vector<std::string> more = candidates->contact_ids();
    ids.insert(ids.end(), more.begin(), more.end());
  }
  return GetContacts(context, std::move(ids));
}

Task<absl::StatusOr<std::vector<contacts::v1::Contact>>> CustomerFlow::FindAll(
    const base::RequestContext& context,
    std::vector<CustomerName> names) const {
  KITH_CO_ASSIGN_OR_RETURN(const auto found,
                           co_await FindCandidates(context, names));
  KITH_CO_RETURN_IF_ERROR(FaultsOf(found));
  KITH_CO_ASSIGN_OR_RETURN(const ContactsById contacts,
                           co_await GetCandidates(context, found));
  std::vector<contacts::v1::Contact> customers;
  for (size_t i = 0; i < names.size(); ++i) {
    KITH_CO_ASSIGN_OR_RETURN(contacts::v1::Contact one,
                             ChooseOne(names[i], *found[i], contacts));
    customers.push_back(std::move(one));
  }
  co_return customers;
}

Task<absl::StatusOr<std::vector<absl::StatusOr<contacts::v1::Contact>>>>
CustomerFlow::FindEach(const base::RequestContext& context,
                       std::vector<CustomerName> names) const {
  KITH_CO_ASSIGN_OR_RETURN(const auto found,
                           co_await FindCandidates(context, names));
  KITH_CO_ASSIGN_OR_RETURN(const ContactsById contacts,
                           co_await GetCandidates(context, found));
  std::vector<absl::StatusOr<contacts::v1::Contact>> customers;
  for (size_t i = 0; i < names.size(); ++i) {
    customers.push_back(found[i].ok() ? ChooseOne(names[i], *found[i], contacts)
                                      : found[i].status());
  }
  co_return customers;
}

Task<absl::StatusOr<std::vector<std::string>>> CustomerFlow::FindIds(
    const base::RequestContext& context,
    std::vector<CustomerName> names) const {
  KITH_CO_ASSIGN_OR_RETURN(const auto found,
                           co_await FindCandidates(context, names));
  KITH_CO_RETURN_IF_ERROR(FaultsOf(found));
  std::vector<std::string> unclear;
  for (const absl::StatusOr<Candidates>& candidates : found) {
    const std::vector<std::string> ids = candidates->contact_ids();
    if (ids.size() > 1) unclear.insert(unclear.end(), ids.begin(), ids.end());
  }
  KITH_CO_ASSIGN_OR_RETURN(const ContactsById contacts,
                           co_await GetContacts(context, unclear));
  std::vector<std::string> ids;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::vector<std::string> meant = found[i]->contact_ids();
    if (meant.size() == 1) {
      ids.push_back(meant.front());
      continue;
    }
    KITH_CO_ASSIGN_OR_RETURN(const contacts::v1::Contact contact,
                             ChooseOne(names[i], *found[i], contacts));
    ids.push_back(contact.contact_id());
  }
  co_return ids;
}

Task<absl::StatusOr<std::string>> CustomerFlow::FindId(
    const base::RequestContext& context, const v1::CustomerRef& ref) const {
  std::vector<CustomerName> names = {{"customer", &ref}};
  KITH_CO_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                           co_await FindIds(context, std::move(names)));
  co_return ids.front();
}

}  // namespace kith::gateway
