#ifndef KITH_GATEWAY_FLOWS_TOUCH_ROUNDS_H_
#define KITH_GATEWAY_FLOWS_TOUCH_ROUNDS_H_

#include <string>
#include <vector>

#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {

// The rounds of a batch: its touches are recorded round by round, and the steps
// of a round are done for all its touches together. So the batch does what its
// touches do one after the other. Pure functions.

// For each touch of a batch the anonymous visitors that it means: the canonical
// contacts that hold its browsers (VISITOR), and that of its contact_id.
using VisitorsByTouch = std::vector<std::vector<std::string>>;

// Returns true if RoundsOf needs to know the visitors: a touch names a browser
// beside another value, and an earlier one a browser or buys by contact_id.
bool DependsOnVisitors(const v1::BatchRecordTouchesRequest& batch);

// Returns for each touch its round, from 0. Rounds never fall, so that touches
// stay in their order however their values are spelled.
//
// A touch begins a new round if what it needs to know is written by an earlier
// touch of the round, and identity-svc does not know it:
// - It names a browser beside another value, and must know whether the visitor
//   is identified: then the visitor does not get that value. So it waits for
//   touches that may mean the same visitor, and identify them by a name, a
//   stage or a purchase, whatever values stand beside the browser; or that may
//   merge them, by another browser. But it does not wait for a touch with the
//   very same values, of which the same becomes.
// - It has the external_id or the request_id of a touch that writes something
//   else beside the interaction; or the external_id and the source_revision of
//   one with another interaction. If that one is recorded, it has nothing to
//   write, and is answered or refused as if it had come alone.
//
// Two touches may mean the same visitor if they name the same browser or the
// same visitor, or if others of the batch join these. `visitors` is empty if
// DependsOnVisitors is false.
std::vector<int> RoundsOf(const v1::BatchRecordTouchesRequest& batch,
                          const VisitorsByTouch& visitors);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_ROUNDS_H_
