#ifndef KITH_GATEWAY_FLOWS_TOUCH_CONSENT_H_
#define KITH_GATEWAY_FLOWS_TOUCH_CONSENT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/flows/permission_flow.h"
#include "gateway/flows/touch.h"
#include "gateway/flows/touch_steps.h"
#include "kith/config/v1/config.pb.h"
#include "kith/gateway/v1/consent.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/identity/v1/consent.pb.h"

namespace kith::gateway {

// Returns true for what a customer must consent to: an AD, or an OUTBOUND
// interaction for MARKETING. What a public form says is no act of the business.
bool IsAdvertising(const base::RequestContext& context,
                   const interactions::v1::Interaction& interaction);

// Returns true for advertising that the business itself is about to do, which
// may be refused. A report of a source is none. Nor is what ended in an
// opt-out: to refuse it would lose the customer's refusal.
bool IsOwnAct(const interactions::v1::Interaction& interaction);

// Returns what is asked before advertising is recorded: whether it may go to
// the value that it goes to, else to the channel of its kind.
v1::MayContactRequest ConsentQuestion(const v1::RecordTouchRequest& touch);

// Whether advertising may be recorded.
struct ConsentCheck {
  // Of what the business itself is about to do (IsOwnAct): OK if the
  // customer's words say YES and it is in no quiet hours; else
  // FAILED_PRECONDITION with the reason MAY_NOT_CONTACT, which names the record
  // that decides or when they end. Each is counted. Frequency caps are for
  // interactions-svc to count.
  absl::Status allowed = {};
  // Of anything else, which is kept: Interaction.contact_violation.
  std::string violation = {};
  // The group of the customer, of whom frequency caps count all; empty if
  // nobody is known.
  std::vector<std::string> member_ids = {};
  // It is advertising, for which a customer was asked.
  bool asked = false;
};

// Returns what follows from an answer for a touch. Nobody has consented where
// nobody is known. A report is a violation if the customer had not granted it,
// or the refusal was recorded before it was sent; one whose grant has ended may
// have been sent before, and is none. Quiet hours are those at the time of the
// touch, which is `now` if it has none.
ConsentCheck CheckAnswer(const config::v1::Tenant& tenant,
                         const v1::RecordTouchRequest& touch,
                         const v1::BatchMayContactResponse::Result& result,
                         absl::Time now);

// Returns for each touch whether it may be recorded if it is not recorded
// already. Makes no call if none is advertising. Fails if a call does, so that
// nothing is sent without an answer.
Task<absl::StatusOr<std::vector<ConsentCheck>>> CheckConsents(
    const PermissionFlow& permissions, const base::RequestContext& context,
    std::vector<const v1::RecordTouchRequest*> touches);

// Returns the error of a touch that may not be recorded as a new one: that of
// its check, or MAY_NOT_CONTACT for an own act (IsOwnAct) whose values are of
// several customers, as only the one of the first was asked for, and frequency
// caps count that one alone. `resolved` is of each of the touch's identities. A
// browser is nobody who is written to. A pure function, but that it counts.
absl::Status MayRecord(
    const ConsentCheck& check, const v1::RecordTouchRequest& touch,
    const std::vector<identity::v1::ResolveIdentityResponse>& resolved);

// Records a word of consent that an interaction says (ConsentWordOf). If the
// caller has named its contact and its value, a refusal for a value that the
// contact's group neither holds nor shares, and never did, or by which nobody
// is contacted, is recorded for all of the contact: it would stop nothing, or
// somebody else. INVALID_ARGUMENT if the named key is none. May be called again
// with the same effect.
Task<absl::StatusOr<identity::v1::Consent>> RecordWord(
    const Backends& backends, const CustomerFlow& customers,
    const base::RequestContext& context,
    identity::v1::RecordConsentRequest word, bool by_contact_id);

// Returns what recording `word` has come to for the interaction that says it: a
// refusal that is not recorded is an error. That of a start word is none, if
// the value is another's or was refused since.
absl::Status StatusOfWord(const identity::v1::Consent& word,
                          const absl::Status& recorded);

// Does what comes before a touch is recorded for its owner: merges visitors, as
// MergeVisitors does, says whom the touch may be of (possible_customers), and
// records what it says of consent (ConsentWordOf). So a stop word is in force
// before its interaction can be seen, and a touch that was cut off says it
// again. Fails if the refusal cannot be recorded. Has `owner` know the
// violation of the check, and the group that advertising counts for: the
// owner's, whom another value may have decided than the one that was asked for.
Task<absl::Status> PrepareRecording(const Touch& touch, ConsentCheck check,
                                    TouchOwner& owner, TouchSteps& steps,
                                    v1::RecordTouchResponse& response);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_TOUCH_CONSENT_H_
