#ifndef KITH_GATEWAY_FLOWS_FORM_ANSWER_H_
#define KITH_GATEWAY_FLOWS_FORM_ANSWER_H_

#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {

// Returns of an answer what an UNAUTHENTICATED key may read, who could else try
// out which phones and e-mails are of customers: what it says itself, and which
// of its values are refused, which depends on the values alone. A pure
// function.
v1::RecordTouchResponse FormAnswer(const v1::RecordTouchResponse& whole);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_FORM_ANSWER_H_
