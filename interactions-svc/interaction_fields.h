#ifndef KITH_INTERACTIONS_SVC_INTERACTION_FIELDS_H_
#define KITH_INTERACTIONS_SVC_INTERACTION_FIELDS_H_

#include <string>

#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::interactions {

// The rules of how an interaction's fields come about. Pure functions.

// The interaction as it is stored when it is new.
v1::Interaction NewInteraction(const v1::Interaction& sent,
                               const base::Uuid& id, absl::Time now);

// What takes the place of `stored` when its source sends it with a higher
// revision. It stays the same interaction of the same contact; a time or
// channel value that is not sent again is kept.
v1::Interaction CorrectedInteraction(const v1::Interaction& stored,
                                     const v1::Interaction& sent);

// 32 bytes that tell whether a source says the same again. Neither the contact
// nor the channel value counts: a caller that looks them up again may find
// another member of the same customer.
std::string ContentFingerprint(const v1::Interaction& sent);

// How the summary counts the outcome: for calls alone.
v1::Outcome CountedOutcome(const v1::Interaction& interaction);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_INTERACTION_FIELDS_H_
