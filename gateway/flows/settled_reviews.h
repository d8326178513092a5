#ifndef KITH_GATEWAY_FLOWS_SETTLED_REVIEWS_H_
#define KITH_GATEWAY_FLOWS_SETTLED_REVIEWS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/contacts/v1/group.pb.h"
#include "kith/contacts/v1/suggestion.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::gateway {

// Whether the action is the REVIEW of a contact that was deleted when something
// was recorded for it. A pure function.
bool AsksToUndelete(const interactions::v1::Action& action);

// The customer whom a REVIEW that an ambiguous touch has opened asks about;
// empty for all other actions. A pure function.
std::string AmbiguousOf(const interactions::v1::Action& action);

// Dismisses the REVIEWs of what a person has done, with that as the note. Each
// function does it behind the deed: what fails is left to people. Returns the
// number of REVIEWs.

// The note of a REVIEW whose contact is undeleted.
inline constexpr absl::string_view kThereAgain = "The contact is there again.";

// The customer is undeleted. `agent` may be empty for a person of a token.
Task<int> DismissReviewsOfUndeleted(const base::RequestContext& context,
                                    const Backends& backends,
                                    const contacts::v1::Contact& customer,
                                    std::string agent);

// The value is released, or was before. A key that is of no person dismisses
// them under its id, as Quarantine.released_by names it.
Task<int> DismissReviewsOfReleased(const base::RequestContext& context,
                                   const Backends& backends,
                                   const identity::v1::Identity& released);

// Whether two customers are one (see AmbiguousOf) is decided:

// The customer is one now.
Task<int> DismissReviewsOfMerged(const base::RequestContext& context,
                                 const Backends& backends,
                                 const contacts::v1::Contact& merged,
                                 const contacts::v1::Actor& actor);

// The two are not the same, nor are others of their groups.
Task<int> DismissReviewsOfRejected(const base::RequestContext& context,
                                   const Backends& backends,
                                   const CustomerFlow& customers,
                                   const contacts::v1::Suggestion& rejected,
                                   const contacts::v1::Actor& actor);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_SETTLED_REVIEWS_H_
