// The methods of ActionPeople that settle who deals with a customer of whom
// others have leased a part.

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gateway/actions/action_people.h"
#include "gateway/actions/lease_dispute.h"
#include "gateway/calls/pause.h"

namespace kith::gateway {
namespace {

using interactions::v1::Action;

// `least` is empty, or the least id until now.
void TakeLeast(const std::string& id, std::string& least) {
  if (least.empty() || id < least) least = id;
}

}  // namespace

Task<absl::Status> ActionPeople::Settle(std::vector<size_t> indexes) {
  for (int tries = 0;; ++tries) {
    std::vector<size_t> again;
    for (const size_t index : indexes) {
      One& one = people_[index];
      if (one.leased.ok()) continue;
      const DisputeEnd end = Decide(DisputeAbout(one, tries));
      if (end == DisputeEnd::kTryAgain) again.push_back(index);
      if (end == DisputeEnd::kKeep) one.leased = absl::OkStatus();
      if (end == DisputeEnd::kGiveBack) co_await LeaveOut(one);
    }
    if (again.empty()) co_return absl::OkStatus();
    auto pause = WaitFor(PauseBeforeTry(tries));
    KITH_CO_RETURN_IF_ERROR((co_await pause).status());
    indexes = again;
    std::string no_reason;
    KITH_CO_RETURN_IF_ERROR(
        co_await ReadAndLease(std::move(again), std::move(no_reason)));
  }
}

std::set<std::string> ActionPeople::Held(const One& one) const {
  std::set<std::string> ids;
  std::string agent;
  for (const std::string& id : one.contact.member_ids()) {
    const auto lease = leases_.find(id);
    if (lease == leases_.end()) continue;
    ids.insert(id);
    agent = lease->second.agent();
  }
  // Of an agent who has leased very many, not all are known by their leases.
  for (const Action& action : one.actions) {
    const bool own = action.has_lease() && action.lease().agent() == agent;
    if (own) ids.insert(action.contact_id());
  }
  return ids;
}

LeaseDispute ActionPeople::DisputeAbout(const One& one, int tries) const {
  LeaseDispute dispute = {.tries = tries};
  const std::set<std::string> held = Held(one);
  for (const std::string& id : held) {
    dispute.held_before |= !new_.contains(id);
    TakeLeast(id, dispute.least_own_id);
  }
  for (const Action& action : one.actions) {
    if (!action.has_lease() || held.contains(action.contact_id())) continue;
    TakeLeast(action.contact_id(), dispute.least_other_id);
  }
  return dispute;
}

Task<int> ActionPeople::LeaveOut(const One& one) {
  const std::set<std::string> held = Held(one);
  for (const std::string& id : held) {
    Exclude(id);
    leases_.erase(id);
    new_.erase(id);
  }
  for (const Action& action : one.actions) Exclude(action.contact_id());
  std::vector<std::string> ids(held.begin(), held.end());
  const int released = co_await Release(std::move(ids));
  co_return released;
}

void ActionPeople::Exclude(const std::string& contact_id) {
  if (excluded_.size() < kContactsOfCall) excluded_.insert(contact_id);
}

}  // namespace kith::gateway
