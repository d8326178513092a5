#ifndef KITH_INTERACTIONS_SVC_ACTION_FIELDS_H_
#define KITH_INTERACTIONS_SVC_ACTION_FIELDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "common/base/uuid.h"
#include "interactions-svc/activity/locked_contacts.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::interactions {

// What the RPCs of actions have in common.

// Write valid ids in lower case, as they are stored and answered: of an action,
// of the actions that a request names, and of all that creates or completes
// them.
void LowerIds(v1::Action& action);
void LowerIds(v1::CreateActionRequest& request);
void LowerIds(v1::CompleteActionsRequest& request);
template <typename Request>
void LowerIds(Request& request) {
  for (v1::ActionName& name : *request.mutable_actions()) {
    absl::AsciiStrToLower(name.mutable_contact_id());
    absl::AsciiStrToLower(name.mutable_action_id());
  }
}

// NOT_FOUND if the action names a thread that its contact does not have.
absl::Status CheckThread(const v1::Action& action, LockedThreads& threads);

// FAILED_PRECONDITION if the action of the contact is there as its thread is
// OPEN, and the thread still is.
absl::Status CheckThreadIsAnswered(const base::Uuid& contact_id,
                                   const internal::v1::StoredAction& stored,
                                   LockedThreads& threads);

// Ends the lease of the contact, if it is the agent's.
absl::Status ReleaseLease(const std::string& agent,
                          const base::Uuid& contact_id,
                          LockedContacts& contacts);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTION_FIELDS_H_
