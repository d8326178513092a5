#include "gateway/edge/upstreams/upstream_gate.h"

#include "absl/time/clock.h"
#include "common/auth/scopes.h"
#include "common/status/status_macros.h"

namespace kith::edge {

using auth::KeyLimiter;

absl::StatusOr<KeyLimiter::Slot> UpstreamGate::Admit(
    absl::string_view authorization, KeyLimiter::Kind kind) const {
  KITH_ASSIGN_OR_RETURN(const auto principal,
                        keys_->keys()->Authenticate(authorization));
  KITH_RETURN_IF_ERROR(auth::CheckScopes(*principal, {kUpstreamScope}));
  if (base::IsByForm(principal->assurance)) {
    return absl::PermissionDeniedError(
        "a key of a public form calls the gateway's own methods alone");
  }
  if (limiter_ == nullptr) return KeyLimiter::Slot();
  return limiter_->Admit(*principal, absl::Now(), kind);
}

}  // namespace kith::edge
