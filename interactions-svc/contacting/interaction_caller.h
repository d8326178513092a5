#ifndef KITH_INTERACTIONS_SVC_CONTACTING_INTERACTION_CALLER_H_
#define KITH_INTERACTIONS_SVC_CONTACTING_INTERACTION_CALLER_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// PERMISSION_DENIED if the interaction names a source, a thread or a message
// and the assurance of the caller is below REPORTED: a public form could make
// the messages of others lead to itself.
absl::Status CheckAssurance(const base::Principal& caller,
                            const v1::Interaction& interaction);

// CheckAssurance for who records an interaction. Visits are recorded by the
// gateway's own key alone, which may do so for who has no key; all others are
// PERMISSION_DENIED.
absl::Status CheckRecorder(const base::Principal& caller,
                           const v1::Interaction& interaction);

// CheckAssurance for who asks whether an interaction is recorded. Anybody asks
// for a visit, whose id is known to nobody but who made it.
absl::Status CheckFinder(const base::Principal& caller,
                         const v1::Interaction& interaction);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_CONTACTING_INTERACTION_CALLER_H_
