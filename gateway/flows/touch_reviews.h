#ifndef KITH_GATEWAY_FLOWS_TOUCH_REVIEWS_H_
#define KITH_GATEWAY_FLOWS_TOUCH_REVIEWS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
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
  // The channel value that is shared, quarantined or of another; else empty.
  std::string identity_key = {};
};

// Adds the values of a repeat, which are not claimed again, as far as a contact
// other than that of the interaction holds them, and those who share one if the
// interaction is of its stand-in. `resolved` is of each of the request's
// identities. A pure function.
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
// first may have been cut off, but only within a day of the recording, and of
// a quarantine within a day of its start: later it is not known any more by the
// request_id what a person has ended. An automated interaction, or a
// correction, does so only for the first. A pure function.
void AddReviews(const v1::RecordTouchResponse& recorded, absl::Time now,
                std::vector<Review>& reviews);

// Returns the REVIEW of a contact who has asked for no more advertising. The
// value by which it was said is blocked already; more may have been meant.
Review ReviewOfOptOut(const std::string& contact_id,
                      const std::string& interaction_id);

// Opens REVIEWs, each cause once, and none again that the same interaction has
// opened before: for a contact that may be the same, only if
// the two are suggested to be, and so neither merged nor told apart by a
// person. UNAVAILABLE, and the rest is left out, if one could not be opened by
// now: a repeat of what gave reason to it opens it. What would fail again is
// left out.
Task<absl::Status> OpenReviews(const base::RequestContext& context,
                               const Backends& backends,
                               const std::vector<Review>& reviews);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_REVIEWS_H_
