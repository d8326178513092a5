#include "gateway/flows/form_answer.h"

#include <algorithm>

#include "gateway/visits/visit_origin.h"

namespace kith::gateway {
namespace {

constexpr absl::Duration kSlot = absl::Milliseconds(100);
constexpr absl::Duration kMoreForTouch = absl::Milliseconds(5);

}  // namespace

absl::Duration FormWait(absl::Duration took, int touches) {
  const absl::Duration slot = kSlot + (touches - 1) * kMoreForTouch;
  return slot - std::max(took, absl::ZeroDuration()) % slot;
}

v1::RecordTouchResponse FormAnswer(const v1::RecordTouchResponse& whole) {
  v1::RecordTouchResponse answer;
  answer.set_outcome(whole.outcome());
  *answer.mutable_interaction() = whole.interaction();
  answer.mutable_interaction()->clear_contact_id();
  // That of a value under older reading rules is another.
  answer.mutable_interaction()->clear_identity_key();
  // Whoever is known may have one, and it may be older than the touch.
  answer.mutable_interaction()->clear_thread_id();
  ClearOrigin(*answer.mutable_interaction());
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
