#ifndef KITH_GATEWAY_ACTIONS_DONE_INTERACTION_H_
#define KITH_GATEWAY_ACTIONS_DONE_INTERACTION_H_

#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/flows/permission_flow.h"
#include "kith/gateway/v1/action.pb.h"
#include "kith/identity/v1/consent.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {

// What is to be known of the interaction that completes actions, before
// anything is written.

// The contacts of the actions, in lower case.
std::set<std::string> ContactsOf(const v1::CompleteActionsRequest& request);

// NOT_FOUND if what is recorded is of no contact. Who has an action may be one
// that does not exist.
Task<absl::Status> CheckDone(const CustomerFlow& customers,
                             const base::RequestContext& context,
                             const v1::CompleteActionsRequest& request);

// The contact of the interaction that was done.
Task<absl::StatusOr<std::string>> FindContact(
    const Backends& backends, const base::RequestContext& context,
    const v1::CompleteActionsRequest& request);

// What is known of consent before an interaction is recorded.
struct PreparedDone {
  // FAILED_PRECONDITION for own advertising that the customer has not consented
  // to. Then only a repeat is answered: what has been done stays so, whatever
  // the hour, and whatever the customer has said since.
  absl::Status allowed = {};
  // It is an opt-out, which wants a REVIEW.
  bool opted_out = false;
  // What a start word says, for RecordStart.
  std::optional<identity::v1::RecordConsentRequest> start = {};
};

// Does what RecordTouch does about consent before it records an interaction,
// which has its contact: finds out whether it is allowed, says if a report is a
// violation, and records the refusal of an opt-out or a stop word. Names the
// group of whom advertising counts. A plain interaction makes no call for it.
Task<absl::StatusOr<PreparedDone>> PrepareDone(
    const Backends& backends, const CustomerFlow& customers,
    const PermissionFlow& permissions, const base::RequestContext& context,
    interactions::v1::CompleteActionsRequest& complete);

// Records what the start word says of an interaction that is recorded: before
// that it would lift a refusal though nothing was done. A repeat records it if
// it was cut off. OK if there is none, or if it cannot be taken.
Task<absl::Status> RecordStart(const Backends& backends,
                               const CustomerFlow& customers,
                               const base::RequestContext& context,
                               const PreparedDone& prepared);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_ACTIONS_DONE_INTERACTION_H_
