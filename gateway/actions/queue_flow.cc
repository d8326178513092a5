#include "gateway/actions/queue_flow.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/api/violations.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::gateway {
namespace {

using contacts::v1::Contact;
using Stub = Backends::InteractionsStub;

constexpr int kDefaultHead = 20;
constexpr int kMostHead = 50;

// INVALID_ARGUMENT unless the request says whose actions it means.
absl::Status CheckWhose(const v1::ListActionsRequest& request) {
  const int given = (request.has_customer() ? 1 : 0) +
                    (request.queues().empty() ? 0 : 1) +
                    (request.agent().empty() ? 0 : 1);
  api::Violations violations;
  if (given != 1) {
    violations.Add("customer",
                   absl::StrCat(given,
                                " of customer, queues and agent are "
                                "given, want one"));
  }
  if (request.ended() && given == 1 && !request.has_customer()) {
    violations.Add("ended", "want it only of a customer");
  }
  return violations.ToStatus();
}

// Makes one contact of two that wait in the same queue: by the due time of an
// action, and by the end of the pause of another.
void JoinPlaces(interactions::v1::ListQueuedActionsResponse& listed) {
  absl::flat_hash_map<std::pair<std::string, std::string>, int> known;
  int size = 0;
  for (int i = 0; i < listed.contacts_size(); ++i) {
    auto& contact = *listed.mutable_contacts(i);
    const auto [first, is_new] =
        known.emplace(std::pair(contact.contact_id(), contact.queue()), size);
    if (is_new) {
      listed.mutable_contacts(size++)->Swap(&contact);
    } else {
      auto& actions =
          *listed.mutable_contacts(first->second)->mutable_actions();
      actions.MergeFrom(contact.actions());
    }
  }
  listed.mutable_contacts()->DeleteSubrange(size,
                                            listed.contacts_size() - size);
}

// Adds each person once, with all contacts of theirs that are listed.
void AddPeople(const std::vector<v1::QueueEntry>& entries,
               v1::ListActionsResponse& response) {
  absl::flat_hash_map<std::string, int> known;
  for (const v1::QueueEntry& entry : entries) {
    const auto [person, is_new] =
        known.emplace(entry.canonical_id(), response.people_size());
    if (is_new) {
      v1::QueuedPerson& added = *response.add_people();
      added.set_canonical_id(entry.canonical_id());
      added.set_display_name(entry.display_name());
    }
    v1::QueuedPerson& queued = *response.mutable_people(person->second);
    const std::string& id = entry.contact().contact_id();
    if (!absl::c_linear_search(queued.contact_ids(), id)) {
      queued.add_contact_ids(id);
    }
  }
}

}  // namespace

Task<absl::Status> QueueFlow::List(const base::RequestContext& context,
                                   const v1::ListActionsRequest& request,
                                   v1::ListActionsResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(CheckWhose(request));
  if (request.has_customer()) {
    co_return co_await ListOfCustomer(context, request, response);
  }
  co_return co_await ListOfQueues(context, request, response);
}

Task<absl::Status> QueueFlow::ListOfCustomer(
    const base::RequestContext& context, const v1::ListActionsRequest& request,
    v1::ListActionsResponse& response) const {
  KITH_CO_ASSIGN_OR_RETURN(
      const Contact customer,
      co_await customers_.FindOne(context, request.customer()));
  interactions::v1::ListActionsRequest list;
  common::v1::ContactSet& set = *list.add_sets();
  *set.mutable_contact_ids() = customer.member_ids();
  set.set_page_token(request.page_token());
  list.set_page_size(request.page_size());
  list.set_ended(request.ended());
  auto call =
      backends_.Interactions(&Stub::ListActions, std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(auto listed, co_await call);
  auto& result = *listed.mutable_results(0);
  response.mutable_actions()->Swap(result.mutable_actions());
  response.set_next_page_token(result.next_page_token());
  response.set_canonical_id(customer.canonical_id());
  co_return absl::OkStatus();
}

Task<absl::Status> QueueFlow::ListOfQueues(
    const base::RequestContext& context, const v1::ListActionsRequest& request,
    v1::ListActionsResponse& response) const {
  interactions::v1::ListQueuedActionsRequest list;
  *list.mutable_queues() = request.queues();
  list.set_agent(request.agent());
  list.set_page_size(request.page_size());
  list.set_page_token(request.page_token());
  auto call = backends_.Interactions(&Stub::ListQueuedActions, std::move(list),
                                     context);
  KITH_CO_ASSIGN_OR_RETURN(auto listed, co_await call);
  response.set_next_page_token(listed.next_page_token());
  KITH_CO_ASSIGN_OR_RETURN(std::vector<v1::QueueEntry> entries,
                           co_await Describe(context, std::move(listed)));
  AddPeople(entries, response);
  for (v1::QueueEntry& entry : entries) {
    for (auto& action : *entry.mutable_contact()->mutable_actions()) {
      *response.add_actions() = std::move(action);
    }
  }
  co_return absl::OkStatus();
}

Task<absl::Status> QueueFlow::CountWaiting(
    const base::RequestContext& context,
    const v1::CountWaitingActionsRequest& request,
    v1::CountWaitingActionsResponse& response) const {
  interactions::v1::CountWaitingActionsRequest count;
  *count.mutable_queues() = request.queues();
  auto call = backends_.Interactions(&Stub::CountWaitingActions,
                                     std::move(count), context);
  KITH_CO_ASSIGN_OR_RETURN(auto counted, co_await call);
  response.mutable_results()->Swap(counted.mutable_results());
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::vector<v1::QueueEntry>>> QueueFlow::ReadHead(
    const base::RequestContext& context,
    const v1::WatchQueueRequest& request) const {
  api::Violations violations;
  violations.Count("contact_count", request.contact_count(), 0, kMostHead);
  KITH_CO_RETURN_IF_ERROR(violations.ToStatus());
  interactions::v1::ListQueuedActionsRequest list;
  *list.mutable_queues() = request.queues();
  list.set_agent(request.agent());
  list.set_waiting_only(true);
  list.set_page_size(request.contact_count() == 0 ? kDefaultHead
                                                  : request.contact_count());
  auto call = backends_.Interactions(&Stub::ListQueuedActions, std::move(list),
                                     context);
  KITH_CO_ASSIGN_OR_RETURN(auto listed, co_await call);
  JoinPlaces(listed);
  co_return co_await Describe(context, std::move(listed));
}

Task<absl::StatusOr<std::vector<v1::QueueEntry>>> QueueFlow::Describe(
    const base::RequestContext& context,
    interactions::v1::ListQueuedActionsResponse listed) const {
  std::vector<std::string> ids;
  for (const auto& contact : listed.contacts()) {
    ids.push_back(contact.contact_id());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  KITH_CO_ASSIGN_OR_RETURN(
      const ContactsById contacts,
      co_await customers_.GetContacts(context, std::move(ids)));
  std::vector<v1::QueueEntry> entries;
  for (auto& contact : *listed.mutable_contacts()) {
    v1::QueueEntry& entry = entries.emplace_back();
    const auto known = contacts.find(contact.contact_id());
    const bool is_known = known != contacts.end();
    entry.set_canonical_id(is_known ? known->second.canonical_id()
                                    : contact.contact_id());
    if (is_known) entry.set_display_name(known->second.display_name());
    entry.mutable_contact()->Swap(&contact);
  }
  co_return entries;
}

}  // namespace kith::gateway
