#ifndef KITH_GATEWAY_FLOWS_SETTLED_REVIEWS_H_
#define KITH_GATEWAY_FLOWS_SETTLED_REVIEWS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
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

// The value is unlinked: what asked to release it or to say whose it is.
// Nothing if it is not.
Task<int> DismissReviewsOfUnlinked(
    const base::RequestContext& context, const Backends& backends,
    const absl::StatusOr<identity::v1::UnlinkIdentityResponse>& unlinked);

// A value is moved between the two customers of `sides`: what its `former`
// holder was asked of its quarantine, and of either whether they are one with
// the other, as a touch named this value.
Task<int> DismissReviewsOfMoved(const base::RequestContext& context,
                                const Backends& backends,
                                const std::vector<contacts::v1::Contact>& sides,
                                const identity::v1::Identity& former);

// Interactions of the contact are moved away. If it is the stand-in of a shared
// value: what asked who has bought, if nothing that was sold or given back is
// left.
Task<int> DismissReviewsOfReassigned(const base::RequestContext& context,
                                     const Backends& backends,
                                     std::string contact_id, std::string agent);

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
