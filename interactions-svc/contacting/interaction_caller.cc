#include "interactions-svc/contacting/interaction_caller.h"

#include "common/api/visit_source.h"
#include "common/auth/scopes.h"

namespace kith::interactions {

absl::Status CheckAssurance(const base::Principal& caller,
                            const v1::Interaction& interaction) {
  if (!base::IsByForm(caller.assurance)) return absl::OkStatus();
  if (!interaction.source().empty()) {
    return absl::PermissionDeniedError(
        "interaction.source: an UNAUTHENTICATED key cannot report for a "
        "source");
  }
  if (!interaction.thread_id().empty() || !interaction.message_id().empty() ||
      interaction.in_reply_to_size() > 0) {
    return absl::PermissionDeniedError(
        "interaction: an UNAUTHENTICATED key cannot set thread_id, message_id "
        "or in_reply_to");
  }
  return absl::OkStatus();
}

absl::Status CheckRecorder(const base::Principal& caller,
                           const v1::Interaction& interaction) {
  if (interaction.source() != api::kVisitSource) {
    return CheckAssurance(caller, interaction);
  }
  if (caller.scopes.contains(auth::kAllTenantsScope)) return absl::OkStatus();
  return absl::PermissionDeniedError(
      "interaction.source: visits are recorded by the gateway alone");
}

absl::Status CheckFinder(const base::Principal& caller,
                         const v1::Interaction& interaction) {
  if (interaction.source() == api::kVisitSource) return absl::OkStatus();
  return CheckAssurance(caller, interaction);
}

}  // namespace kith::interactions
