#ifndef KITH_INTERACTIONS_SVC_ACTIONS_ACTION_REASON_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_ACTION_REASON_H_

#include <string>

#include "absl/time/time.h"
#include "kith/interactions/v1/action.pb.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/internal/v1/actions.pb.h"

namespace kith::interactions {

// Why there is an action, by name and in words. Pure functions.

// Returns the name of a kind of interaction for a sentence: "e-mail".
std::string NameOf(v1::Kind kind);

// Sets a parameter of the reason, unless the value is empty.
void SetParameter(const char* name, const std::string& value,
                  internal::v1::StoredAction& stored);

// Sets the reason of a CALL_BACK or FIRST_CONTACT by its causes.
void SetReasonByCauses(internal::v1::StoredAction& stored);

// Returns the action as it is answered at `now`: a REPLY that is past the due
// time of its problem as a SOLVE, one whose pause is over as OPEN, and the
// reason in words, with the days of the time zone. contact_id and lease are not
// set.
v1::Action ShowAction(const internal::v1::StoredAction& stored, absl::Time now,
                      absl::TimeZone zone);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_ACTION_REASON_H_
