#ifndef KITH_GATEWAY_FLOWS_TOUCH_REVIEWS_H_
#define KITH_GATEWAY_FLOWS_TOUCH_REVIEWS_H_

#include <string>
#include <vector>

#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {

// What somebody should look at after a touch: a REVIEW of its contact.
struct Review {
  std::string contact_id;
  // One REVIEW of a cause is open at a time.
  std::string cause;
  std::string text;
  // A contact that may be the same customer; empty if there is none.
  std::string other_id = {};
};

// Adds what an answered touch gives reason to review, if it has just been
// recorded: its contact is deleted, or another contact holds one of its values.
// A pure function.
void AddReviews(const v1::RecordTouchResponse& recorded,
                std::vector<Review>& reviews);

// Returns the REVIEW of a contact who has asked for no more advertising. The
// value by which it was said is blocked already; more may have been meant.
Review ReviewOfOptOut(const std::string& contact_id);

// Opens REVIEWs, each cause once: for a contact that may be the same, only if
// the two are suggested to be, and so neither merged nor told apart by a
// person. What fails is left out, as the touches are recorded; if a service
// does not answer in time, so is the rest. Returns the number of REVIEWs that
// are open then.
Task<int> OpenReviews(const base::RequestContext& context,
                      const Backends& backends,
                      const std::vector<Review>& reviews);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_REVIEWS_H_
