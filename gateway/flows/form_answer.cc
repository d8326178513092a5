#include "gateway/flows/form_answer.h"

namespace kith::gateway {

v1::RecordTouchResponse FormAnswer(const v1::RecordTouchResponse& whole) {
  v1::RecordTouchResponse answer;
  answer.set_outcome(whole.outcome());
  *answer.mutable_interaction() = whole.interaction();
  answer.mutable_interaction()->clear_contact_id();
  // That of a value under older reading rules is another.
  answer.mutable_interaction()->clear_identity_key();
  for (const identity::v1::ClaimedValue& claimed : whole.identities()) {
    identity::v1::ClaimedValue& value = *answer.add_identities();
    *value.mutable_value() = claimed.value();
    if (claimed.outcome() != identity::v1::CLAIM_OUTCOME_REFUSED) continue;
    value.set_outcome(claimed.outcome());
    value.set_reason(claimed.reason());
  }
  return answer;
}

}  // namespace kith::gateway
