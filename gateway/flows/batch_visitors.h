#ifndef KITH_GATEWAY_FLOWS_BATCH_VISITORS_H_
#define KITH_GATEWAY_FLOWS_BATCH_VISITORS_H_

#include <vector>

#include "gateway/calls/task.h"
#include "gateway/flows/touch.h"
#include "gateway/flows/touch_rounds.h"
#include "gateway/flows/touch_steps.h"

namespace kith::gateway {

// Returns the anonymous visitors that the touches of a batch mean, as RoundsOf
// needs them. Waits for the steps `resolve` and `read` alone. A value that is
// invalid means nobody.
Task<VisitorsByTouch> FindVisitors(const std::vector<Touch>& touches,
                                   TouchSteps& steps);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_BATCH_VISITORS_H_
