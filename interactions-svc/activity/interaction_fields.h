#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_INTERACTION_FIELDS_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_INTERACTION_FIELDS_H_

#include <string>

#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// The rules for the fields of an interaction. Pure functions.

// Returns a new interaction as it is stored, but for its assurance.
v1::Interaction NewInteraction(const v1::Interaction& sent,
                               const base::Uuid& id, absl::Time now);

// Returns what replaces `stored` if its source sends it again with a higher
// revision. The id, the contact, the recorded_time and the reassignment stay.
// So do the occurred_time and the identity_key if they are not sent again.
v1::Interaction CorrectedInteraction(const v1::Interaction& stored,
                                     const v1::Interaction& sent);

// Returns what `stored` is after its move to another contact.
v1::Interaction ReassignedInteraction(const v1::Interaction& stored,
                                      const base::Uuid& to_contact_id,
                                      const std::string& agent,
                                      const std::string& reason,
                                      absl::Time now);

// Returns 32 bytes that are equal if a source sends the same content again. The
// contact and the identity_key do not count: a caller that looks them up again
// may find another member of the same customer. Nor do the revision, the
// assurance and the reassignment.
std::string ContentFingerprint(const v1::Interaction& sent);

// Returns true if an UNAUTHENTICATED key has recorded the interaction. What
// anybody may say changes no figures of sales.
bool IsOfForm(const v1::Interaction& interaction);

// Returns true if the summary counts the interaction. What a form says that the
// business did, an outbound interaction or an ad, it does not: that would move
// the time of the last call, and use up what marketing may send.
bool IsCounted(const v1::Interaction& interaction);

// Returns true for advertising that has reached the customer: an AD, or an
// OUTBOUND interaction for MARKETING, that has not FAILED.
bool IsMarketing(const v1::Interaction& interaction);

// Returns the outcome under which the summary counts the interaction: that of a
// call, UNSPECIFIED for all other kinds.
v1::Outcome CountedOutcome(const v1::Interaction& interaction);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_INTERACTION_FIELDS_H_
