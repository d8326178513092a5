#ifndef KITH_GATEWAY_FLOWS_TOUCH_ROUNDS_H_
#define KITH_GATEWAY_FLOWS_TOUCH_ROUNDS_H_

#include <vector>

#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {

// Returns for each touch of a batch the round in which it is recorded, from 0,
// so that the batch does what its touches do one after the other. The steps of
// a round are done for all its touches together.
//
// A touch that names a browser (VISITOR) beside another value must know whether
// the visitor is identified: then the visitor does not get that value. Values
// of earlier touches tell identity-svc, but a name, a stage and a purchase do
// not. So it comes a round after an earlier touch that names the same browser
// and none but browsers, and has any of these; and after one that has a
// purchase of a contact_id, which may be the visitor's. Touches with the same
// value or contact_id stay in their order. A pure function.
std::vector<int> RoundsOf(const v1::BatchRecordTouchesRequest& batch);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_ROUNDS_H_
