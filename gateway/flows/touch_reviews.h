#ifndef KITH_GATEWAY_FLOWS_TOUCH_REVIEWS_H_
#define KITH_GATEWAY_FLOWS_TOUCH_REVIEWS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/contacts/v1/group.pb.h"
#include "kith/contacts/v1/suggestion.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::gateway {

// What somebody should look at after a touch: a REVIEW of its contact.
struct Review {
  std::string contact_id;
  // One REVIEW of a cause is open at a time.
  std::string cause;
  std::string text;
  // The interaction that gives reason to it, or the time of a quarantine; it
  // does so once, however often it is sent. Empty if it is not known.
  std::string interaction_id = {};
  // A contact that may be the same customer; empty if there is none.
  std::string other_id = {};
  // What it is about, as data; never unspecified.
  interactions::v1::ReviewCause about =
      interactions::v1::REVIEW_CAUSE_UNSPECIFIED;
  // The channel value that a shared or quarantined one is; else empty.
  std::string identity_key = {};
};

// Adds the values of a repeat, which are not claimed again, as far as a contact
// other than that of the interaction holds them. `resolved` is of each of the
// request's identities. A pure function.
void AddHeldByOthers(
    const v1::RecordTouchRequest& request,
    const std::vector<identity::v1::ResolveIdentityResponse>& resolved,
    const std::string& contact_id, v1::RecordTouchResponse& repeated);

// Returns the REVIEW of what was sold or given back by a shared value: it
// counts for nobody until it is moved to the one it was. Nothing for all else,
// of which the actions of the stand-in tell. A pure function.
std::optional<Review> ReviewOfShared(const v1::RecordTouchResponse& recorded);

// Adds what an answered touch gives reason to review: its customer has asked
// for no more advertising, its contact is deleted, another contact holds one of
// its values, or companions had one quarantined. A repeat does so too, as the
// first may have been cut off. An automated interaction, or a correction, does
// so only for the first. A pure function.
void AddReviews(const v1::RecordTouchResponse& recorded,
                std::vector<Review>& reviews);

// Returns the REVIEW of a contact who has asked for no more advertising. The
// value by which it was said is blocked already; more may have been meant.
Review ReviewOfOptOut(const std::string& contact_id,
                      const std::string& interaction_id);

// Whether the action is the REVIEW of a contact that was deleted when something
// was recorded for it. A pure function.
bool AsksToUndelete(const interactions::v1::Action& action);

// The customer whom a REVIEW that an ambiguous touch has opened asks about;
// empty for all other actions. A pure function.
std::string AmbiguousOf(const interactions::v1::Action& action);

// Opens REVIEWs, each cause once, and none again that the same interaction has
// opened before: for a contact that may be the same, only if
// the two are suggested to be, and so neither merged nor told apart by a
// person. What fails is left out, as the touches are recorded; if a service
// does not answer in time, so is the rest. Returns the number of REVIEWs that
// are open then.
Task<int> OpenReviews(const base::RequestContext& context,
                      const Backends& backends,
                      const std::vector<Review>& reviews);

// REVIEWs are dismissed when a person has done what they ask for, with that as
// the note. Each function does it behind the deed: what fails is left to
// people. Returns the number of REVIEWs.

// The note of a REVIEW whose contact is undeleted.
inline constexpr absl::string_view kThereAgain = "The contact is there again.";

// The customer is undeleted. `agent` may be empty for a person of a token.
Task<int> DismissReviewsOfUndeleted(const base::RequestContext& context,
                                    const Backends& backends,
                                    const contacts::v1::Contact& customer,
                                    std::string agent);

// The value is released, or was before.
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

#endif  // KITH_GATEWAY_FLOWS_TOUCH_REVIEWS_H_
