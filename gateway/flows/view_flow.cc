#include "gateway/flows/view_flow.h"

#include <string>
#include <utility>
#include <vector>

#include "common/api/violations.h"
#include "common/status/rpc_status.h"
#include "gateway/flows/view_parts.h"

namespace kith::gateway {
namespace {

using contacts::v1::Contact;

constexpr int kMaxViews = 100;

// One ref of a batch on its way to a view.
struct Item {
  absl::StatusOr<Candidates> candidates;
  absl::StatusOr<Choice> choice = absl::UnknownError("not chosen yet");
  // Where its parts are asked for: a set of `first`, or of `second`.
  int first = -1;
  int second = -1;

  const Contact* contact() const {
    return choice.ok() ? absl::get_if<Contact>(&*choice) : nullptr;
  }
};

std::vector<std::string> Members(const Contact& contact) {
  return {contact.member_ids().begin(), contact.member_ids().end()};
}

// The parts of those who have one candidate, who will mostly be a contact that
// is not merged.
std::vector<std::vector<std::string>> Guess(std::vector<Item>& items) {
  std::vector<std::vector<std::string>> sets;
  for (Item& item : items) {
    if (!item.candidates.ok()) continue;
    std::vector<std::string> ids = item.candidates->contact_ids();
    if (ids.size() != 1) continue;
    item.first = static_cast<int>(sets.size());
    sets.push_back(std::move(ids));
  }
  return sets;
}

// The parts of those of whom the guess was wrong.
std::vector<std::vector<std::string>> Correct(
    std::vector<Item>& items,
    const std::vector<std::vector<std::string>>& guessed) {
  std::vector<std::vector<std::string>> sets;
  for (Item& item : items) {
    const Contact* contact = item.contact();
    if (contact == nullptr) continue;
    std::vector<std::string> members = Members(*contact);
    if (item.first >= 0 && guessed[item.first] == members) continue;
    item.first = -1;
    item.second = static_cast<int>(sets.size());
    sets.push_back(std::move(members));
  }
  return sets;
}

void Answer(const Item& item, ViewParts& first, ViewParts& second,
            const WantedParts& wanted,
            v1::BatchGetCustomerViewsResponse::Result& result) {
  if (!item.choice.ok()) {
    *result.mutable_error() = status::ToProto(item.choice.status());
    return;
  }
  v1::GetCustomerViewResponse& response = *result.mutable_response();
  const Contact* contact = item.contact();
  if (contact == nullptr) {
    *response.mutable_ambiguous() =
        absl::get<v1::AmbiguousCustomer>(*item.choice);
    return;
  }
  v1::CustomerView& view = *response.mutable_view();
  view.set_canonical_id(contact->canonical_id());
  if (wanted.contact) *view.mutable_contact() = *contact;
  if (item.first >= 0) {
    first.Fill(item.first, view);
  } else {
    second.Fill(item.second, view);
  }
}

}  // namespace

Task<absl::Status> ViewFlow::Get(const base::RequestContext& context,
                                 const v1::GetCustomerViewRequest& request,
                                 v1::GetCustomerViewResponse& response) const {
  v1::BatchGetCustomerViewsRequest batch;
  *batch.add_customers() = request.customer();
  *batch.mutable_read_mask() = request.read_mask();
  batch.set_interactions_size(request.interactions_size());
  v1::BatchGetCustomerViewsResponse views;
  KITH_CO_RETURN_IF_ERROR(co_await BatchGet(context, batch, views));
  auto& result = *views.mutable_results(0);
  if (result.has_error()) co_return status::FromProto(result.error());
  response = std::move(*result.mutable_response());
  co_return absl::OkStatus();
}

Task<absl::Status> ViewFlow::BatchGet(
    const base::RequestContext& context,
    const v1::BatchGetCustomerViewsRequest& request,
    v1::BatchGetCustomerViewsResponse& response) const {
  api::Violations violations;
  violations.Count("customers", request.customers_size(), 1, kMaxViews);
  KITH_CO_RETURN_IF_ERROR(violations.ToStatus());
  KITH_CO_ASSIGN_OR_RETURN(
      const WantedParts wanted,
      WantedParts::Make(request.read_mask(), request.interactions_size()));

  std::vector<CustomerName> names;
  for (const v1::CustomerRef& ref : request.customers()) {
    names.push_back({"customer", &ref});
  }
  KITH_CO_ASSIGN_OR_RETURN(auto found, co_await customers_.FindCandidates(
                                           context, std::move(names)));
  std::vector<Item> items;
  std::vector<std::string> ids;
  for (absl::StatusOr<Candidates>& candidates : found) {
    items.push_back({.candidates = std::move(candidates)});
    if (!items.back().candidates.ok()) continue;
    for (std::string& id : items.back().candidates->contact_ids()) {
      ids.push_back(std::move(id));
    }
  }

  const std::vector<std::vector<std::string>> guess = Guess(items);
  ViewParts first(backends_, context, guess, wanted);
  KITH_CO_ASSIGN_OR_RETURN(const ContactsById contacts,
                           co_await customers_.GetContacts(context, ids));
  for (Item& item : items) {
    item.choice = item.candidates.ok()
                      ? CustomerFlow::Choose(*item.candidates, contacts)
                      : item.candidates.status();
  }
  ViewParts second(backends_, context, Correct(items, guess), wanted);
  KITH_CO_RETURN_IF_ERROR(co_await first.Collect());
  KITH_CO_RETURN_IF_ERROR(co_await second.Collect());
  for (const Item& item : items) {
    Answer(item, first, second, wanted, *response.add_results());
  }
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
