#ifndef KITH_GATEWAY_FLOWS_VISITOR_MERGES_H_
#define KITH_GATEWAY_FLOWS_VISITOR_MERGES_H_

#include "absl/status/status.h"
#include "gateway/calls/task.h"
#include "gateway/flows/touch.h"
#include "gateway/flows/touch_steps.h"
#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {

// Merges the visitors whom the touch names into its contact, and adds them to
// `response`, whose canonical_id is the contact's. A merge that may not be is
// left: somebody has identified the visitor, or taken the two apart.
Task<absl::Status> MergeVisitors(const Touch& touch, const TouchOwner& owner,
                                 TouchSteps& steps,
                                 v1::RecordTouchResponse& response);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_VISITOR_MERGES_H_
