#ifndef KITH_COMMON_AUTH_SCOPES_H_
#define KITH_COMMON_AUTH_SCOPES_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/request_context.h"

namespace kith::auth {

// The scope of a key that reads the changes of all tenants, and that acts for a
// tenant that a call names (see ActFor). No key of a tenant's own has it, so
// the services know the gateway's own key by it.
inline constexpr char kAllTenantsScope[] = "changes.tail_all";

// The scope of a key whose caller may state that a person is the actor of a
// request. Whoever calls with a token is the actor, and needs none.
inline constexpr char kAssertActorsScope[] = "actors.assert";

// The scope of a key that records what the business advertises (see
// IsOwnAdvertising in interactions-svc) without asking for the customer's
// consent. The gateway's own key has it, since the gateway asks.
inline constexpr char kAdvertiseScope[] = "interactions.advertise";

// PERMISSION_DENIED, which names those of the scopes that the principal lacks.
absl::Status CheckScopes(const base::Principal& principal,
                         absl::Span<const absl::string_view> scopes);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_SCOPES_H_
