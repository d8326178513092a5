#ifndef KITH_GATEWAY_TOUCHES_TOUCH_VALIDATION_H_
#define KITH_GATEWAY_TOUCHES_TOUCH_VALIDATION_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {

// INVALID_ARGUMENT with all faults that the gateway itself can find. The
// services check the rest before they write.
absl::Status Validate(const v1::RecordTouchRequest& request);

// INVALID_ARGUMENT if the time of the request's attribution is none of a touch.
// An attribution without a time has that of the interaction, which then must be
// one of an attribution.
absl::Status CheckTouchAttribution(const v1::RecordTouchRequest& request,
                                   absl::Time now);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_TOUCHES_TOUCH_VALIDATION_H_
