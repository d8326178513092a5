#ifndef KITH_GATEWAY_FLOWS_FORM_ANSWER_H_
#define KITH_GATEWAY_FLOWS_FORM_ANSWER_H_

#include "absl/time/time.h"
#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {

// Returns of an answer what an UNAUTHENTICATED key may read, who could else try
// out which phones and e-mails are of customers: what it says itself, and which
// of its values are refused, which depends on the values alone. A pure
// function.
v1::RecordTouchResponse FormAnswer(const v1::RecordTouchResponse& whole);

// Returns how long the answer to an UNAUTHENTICATED key waits for touches, 1 to
// 200, that took some time: until the next multiple of 100 ms and 5 ms for each
// touch behind the first. What is known takes less time than what is new, which
// is written, so that the time would tell what FormAnswer does not. A pure
// function.
absl::Duration FormWait(absl::Duration took, int touches);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_FORM_ANSWER_H_
