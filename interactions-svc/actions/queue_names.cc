#include "interactions-svc/actions/queue_names.h"

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/api/violations.h"
#include "common/status/status_macros.h"
#include "interactions-svc/actions/action_row.h"
#include "interactions-svc/actions/action_settings.h"

namespace kith::interactions {
namespace {

using mysql::Tx;

// Whoever is in the queue, now or later.
constexpr QueueState kStates[] = {QueueState::kReady, QueueState::kLater};

std::set<std::string> SettledQueues(const Tx& tx) {
  return QueuesOf(*tx.context.principal->tenant);
}

void AddFault(const std::set<std::string>& settled, absl::string_view field,
              api::Violations& violations) {
  violations.Add(field, absl::StrCat("no such queue, want one of ",
                                     absl::StrJoin(settled, ", ")));
}

// Of what puts actions there; empty is the queue of the settings.
void CheckTaking(const std::set<std::string>& settled, absl::string_view field,
                 const std::string& queue, api::Violations& violations) {
  if (!queue.empty() && !settled.contains(queue)) {
    AddFault(settled, field, violations);
  }
}

// Returns those of some queues that have somebody.
absl::StatusOr<std::set<std::string>> WithPlaces(
    const Tx& tx, const std::vector<std::string>& queues) {
  std::vector<QueueRange> ranges;
  for (const std::string& queue : queues) {
    for (const QueueState state : kStates) {
      ranges.push_back({.queue = queue,
                        .state = state,
                        .least = 0,
                        .most = std::numeric_limits<int64_t>::max()});
    }
  }
  KITH_ASSIGN_OR_RETURN(const std::vector<WaitingContact> first,
                        ReadQueues(tx, ranges, 1));
  std::set<std::string> found;
  for (const WaitingContact& contact : first) {
    found.insert(ranges[contact.queue].queue);
  }
  return found;
}

template <typename Request>
absl::Status CheckReading(const Tx& tx, const Request& request) {
  const std::set<std::string> settled = SettledQueues(tx);
  std::vector<std::string> others;
  for (const std::string& queue : request.queues()) {
    if (!settled.contains(queue)) others.push_back(queue);
  }
  if (others.empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(const std::set<std::string> left,
                        WithPlaces(tx, others));
  api::Violations violations;
  for (int i = 0; i < request.queues_size(); ++i) {
    const std::string& queue = request.queues(i);
    if (settled.contains(queue) || left.contains(queue)) continue;
    AddFault(settled, absl::StrCat("queues[", i, "]"), violations);
  }
  return violations.ToStatus();
}

}  // namespace

absl::Status CheckQueueNames(const Tx& tx,
                             const v1::CreateActionRequest& request) {
  api::Violations violations;
  CheckTaking(SettledQueues(tx), "action.queue", request.action().queue(),
              violations);
  return violations.ToStatus();
}

absl::Status CheckQueueNames(const Tx& tx,
                             const v1::CompleteActionsRequest& request) {
  api::Violations violations;
  const std::set<std::string> settled = SettledQueues(tx);
  for (int i = 0; i < request.next_size(); ++i) {
    CheckTaking(settled, absl::StrCat("next[", i, "].queue"),
                request.next(i).queue(), violations);
  }
  return violations.ToStatus();
}

absl::Status CheckQueueNames(const Tx& tx,
                             const v1::ReassignActionsRequest& request) {
  api::Violations violations;
  CheckTaking(SettledQueues(tx), "queue", request.queue(), violations);
  return violations.ToStatus();
}

absl::Status CheckQueueNames(const Tx& tx,
                             const v1::LeaseNextActionsRequest& request) {
  return CheckReading(tx, request);
}

absl::Status CheckQueueNames(const Tx& tx,
                             const v1::ListQueuedActionsRequest& request) {
  return CheckReading(tx, request);
}

absl::Status CheckQueueNames(const Tx& tx,
                             const v1::CountWaitingActionsRequest& request) {
  return CheckReading(tx, request);
}

}  // namespace kith::interactions
