#ifndef KITH_GATEWAY_FLOWS_TOUCH_CONSENT_H_
#define KITH_GATEWAY_FLOWS_TOUCH_CONSENT_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/request_context.h"
#include "gateway/calls/task.h"
#include "gateway/flows/consent_flow.h"
#include "gateway/flows/touch.h"
#include "gateway/flows/touch_steps.h"
#include "kith/gateway/v1/consent.pb.h"
#include "kith/gateway/v1/touch.pb.h"

namespace kith::gateway {

// Returns true for what the business itself is about to do and needs consent
// for: an AD, or an OUTBOUND interaction for MARKETING, without a source. With
// a source it is the report of another system, which is kept. What a public
// form says is no act of the business.
bool IsOwnAdvertising(const base::RequestContext& context,
                      const v1::RecordTouchRequest& touch);

// Returns what is asked before such a touch is recorded: by the value that it
// goes to, else by the channel of its kind.
v1::MayContactRequest ConsentQuestion(const v1::RecordTouchRequest& touch);

// Returns OK unless the answer is NO; else FAILED_PRECONDITION with the reason
// MAY_NOT_CONTACT, which names the record that decides. Nobody has consented
// where nobody is known. Counts each NO.
absl::Status CheckAnswer(const v1::BatchMayContactResponse::Result& result);

// Returns for each touch whether it may be recorded if it is not recorded
// already. Makes no call if none is own advertising. Fails if a call does, so
// that nothing is sent without an answer.
Task<absl::StatusOr<std::vector<absl::Status>>> CheckConsents(
    const ConsentFlow& consents, const base::RequestContext& context,
    std::vector<const v1::RecordTouchRequest*> touches);

// Does what comes before a touch is recorded for its owner: merges visitors, as
// MergeVisitors does, and records what the touch says of consent
// (ConsentWordOf). So a stop word is in force before its interaction can be
// seen, and a touch that was cut off says it again. Fails if the refusal cannot
// be recorded.
Task<absl::Status> PrepareRecording(const Touch& touch, const TouchOwner& owner,
                                    TouchSteps& steps,
                                    v1::RecordTouchResponse& response);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_CONSENT_H_
