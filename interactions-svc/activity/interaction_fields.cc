#include "interactions-svc/activity/interaction_fields.h"

#include "absl/strings/ascii.h"
#include "common/base/sha256.h"
#include "common/base/times.h"

namespace kith::interactions {

v1::Interaction NewInteraction(const v1::Interaction& sent,
                               const base::Uuid& id, absl::Time now) {
  v1::Interaction interaction = sent;
  interaction.set_interaction_id(id.ToString());
  absl::AsciiStrToLower(interaction.mutable_contact_id());
  interaction.clear_reassignment();
  *interaction.mutable_recorded_time() = base::ToProto(now);
  *interaction.mutable_occurred_time() =
      sent.has_occurred_time()
          ? base::ToProto(base::ToMicros(sent.occurred_time()))
          : interaction.recorded_time();
  for (v1::Item& item : *interaction.mutable_items()) {
    if (item.quantity() == 0) item.set_quantity(1);
  }
  return interaction;
}

v1::Interaction CorrectedInteraction(const v1::Interaction& stored,
                                     const v1::Interaction& sent) {
  v1::Interaction interaction =
      NewInteraction(sent, base::Uuid(), absl::UnixEpoch());
  interaction.set_interaction_id(stored.interaction_id());
  interaction.set_contact_id(stored.contact_id());
  *interaction.mutable_recorded_time() = stored.recorded_time();
  if (stored.has_reassignment()) {
    *interaction.mutable_reassignment() = stored.reassignment();
  }
  if (!sent.has_occurred_time()) {
    *interaction.mutable_occurred_time() = stored.occurred_time();
  }
  if (sent.identity_key().empty()) {
    interaction.set_identity_key(stored.identity_key());
  }
  return interaction;
}

std::string ContentFingerprint(const v1::Interaction& sent) {
  v1::Interaction content = sent;
  content.clear_interaction_id();
  content.clear_recorded_time();
  content.clear_contact_id();
  content.clear_identity_key();
  content.clear_source_revision();
  content.clear_assurance();
  content.clear_contact_violation();
  content.clear_reassignment();
  return base::Fingerprint(content);
}

v1::Interaction ReassignedInteraction(const v1::Interaction& stored,
                                      const base::Uuid& to_contact_id,
                                      const std::string& agent,
                                      const std::string& reason,
                                      absl::Time now) {
  v1::Interaction interaction = stored;
  interaction.set_contact_id(to_contact_id.ToString());
  v1::Reassignment& reassignment = *interaction.mutable_reassignment();
  reassignment.set_from_contact_id(stored.contact_id());
  *reassignment.mutable_time() = base::ToProto(now);
  reassignment.set_agent(agent);
  reassignment.set_reason(reason);
  return interaction;
}

bool IsOfForm(const v1::Interaction& interaction) {
  return interaction.assurance() == config::v1::ASSURANCE_UNAUTHENTICATED;
}

bool IsCounted(const v1::Interaction& interaction) {
  return !IsOfForm(interaction) ||
         (interaction.direction() != v1::DIRECTION_OUTBOUND &&
          interaction.kind() != v1::KIND_AD);
}

bool IsMarketing(const v1::Interaction& interaction) {
  if (interaction.outcome() == v1::OUTCOME_FAILED) return false;
  return interaction.kind() == v1::KIND_AD ||
         (interaction.direction() == v1::DIRECTION_OUTBOUND &&
          interaction.purpose() == v1::PURPOSE_MARKETING);
}

v1::Outcome CountedOutcome(const v1::Interaction& interaction) {
  return interaction.kind() == v1::KIND_CALL ? interaction.outcome()
                                             : v1::OUTCOME_UNSPECIFIED;
}

}  // namespace kith::interactions
