#include "gateway/flows/view_flow.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/api/too_busy.h"
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
  // The index of its parts in ViewParts.
  std::optional<size_t> parts = std::nullopt;

  const Contact* contact() const {
    return choice.ok() ? absl::get_if<Contact>(&*choice) : nullptr;
  }
};

// Returns the contact ids of all candidates.
std::vector<std::string> CandidateIds(const std::vector<Item>& items) {
  std::vector<std::string> ids;
  for (const Item& item : items) {
    if (!item.candidates.ok()) continue;
    for (std::string& id : item.candidates->contact_ids()) {
      ids.push_back(std::move(id));
    }
  }
  return ids;
}

// Adds the customers that have one candidate, each as a group of that contact
// alone. Right for most customers, and known a call earlier than the members.
void AddPredicted(std::vector<Item>& items, ViewParts& parts) {
  for (Item& item : items) {
    if (!item.candidates.ok()) continue;
    std::vector<std::string> ids = item.candidates->contact_ids();
    if (ids.size() != 1) continue;
    item.parts =
        parts.Add({std::move(ids), std::move(item.candidates->identities)});
  }
}

// Adds the customers that were not predicted, or have other members than that.
void AddUnpredicted(std::vector<Item>& items, ViewParts& parts) {
  for (Item& item : items) {
    const Contact* contact = item.contact();
    if (contact == nullptr) continue;
    std::vector<std::string> ids(contact->member_ids().begin(),
                                 contact->member_ids().end());
    if (item.parts.has_value() && parts.contact_ids(*item.parts) == ids) {
      continue;
    }
    item.parts = parts.Add({std::move(ids), std::nullopt});
  }
}

void Answer(const Item& item, std::vector<CollectedParts>& parts,
            const WantedParts& wanted,
            v1::BatchGetCustomerViewsResponse::Result& result) {
  if (!item.choice.ok()) {
    *result.mutable_error() = status::ToProto(item.choice.status());
    return;
  }
  const Contact* contact = item.contact();
  if (contact == nullptr) {
    *result.mutable_response()->mutable_ambiguous() =
        absl::get<v1::AmbiguousCustomer>(*item.choice);
    return;
  }
  CollectedParts& collected = parts[*item.parts];
  // A gateway with more calls than it can answer must not answer them by half.
  for (const absl::Status& status :
       {collected.identities.status(), collected.activity.status(),
        collected.may_be.status()}) {
    if (!api::IsTooBusy(status)) continue;
    *result.mutable_error() = status::ToProto(status);
    return;
  }
  v1::CustomerView& view = *result.mutable_response()->mutable_view();
  view.set_canonical_id(contact->canonical_id());
  if (wanted.contact) *view.mutable_contact() = *contact;
  FillView(std::move(collected), wanted, view);
}

}  // namespace

Task<absl::Status> ViewFlow::Get(const base::RequestContext& context,
                                 const v1::GetCustomerViewRequest& request,
                                 v1::GetCustomerViewResponse& response) const {
  v1::BatchGetCustomerViewsRequest batch;
  *batch.add_customers() = request.customer();
  *batch.mutable_read_mask() = request.read_mask();
  batch.set_interactions_size(request.interactions_size());
  batch.set_include_past_identities(request.include_past_identities());
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
      WantedParts wanted,
      WantedParts::Make(request.read_mask(), request.interactions_size()));
  wanted.past_identities = request.include_past_identities();

  std::vector<CustomerName> names;
  for (const v1::CustomerRef& ref : request.customers()) {
    names.push_back({"customer", &ref});
  }
  KITH_CO_ASSIGN_OR_RETURN(
      auto found, co_await customers_.FindCandidates(
                      context, std::move(names),
                      wanted.needs_identities() && !wanted.past_identities));
  std::vector<Item> items;
  for (absl::StatusOr<Candidates>& candidates : found) {
    items.push_back({.candidates = std::move(candidates)});
  }
  const std::vector<std::string> ids = CandidateIds(items);

  ViewParts parts(backends_, context, wanted);
  AddPredicted(items, parts);
  parts.Ask();
  KITH_CO_ASSIGN_OR_RETURN(const ContactsById contacts,
                           co_await customers_.GetContacts(context, ids));
  for (Item& item : items) {
    item.choice = item.candidates.ok()
                      ? CustomerFlow::Choose(*item.candidates, contacts)
                      : item.candidates.status();
  }
  AddUnpredicted(items, parts);
  parts.Ask();
  std::vector<CollectedParts> collected = co_await parts.Collect();
  for (const Item& item : items) {
    Answer(item, collected, wanted, *response.add_results());
  }
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
