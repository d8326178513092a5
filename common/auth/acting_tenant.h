#ifndef KITH_COMMON_AUTH_ACTING_TENANT_H_
#define KITH_COMMON_AUTH_ACTING_TENANT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/request_context.h"
#include "kith/config/v1/config.pb.h"

namespace kith::auth {

// Returns `key` as a principal of the tenant with this slug: a service acts for
// one tenant in each call, with the scopes and the assurance of its own key.
// PERMISSION_DENIED if the key lacks kAllTenantsScope, or if there is no such
// tenant.
absl::StatusOr<std::shared_ptr<const base::Principal>> ActFor(
    const base::Principal& key, absl::string_view slug,
    absl::Span<const std::shared_ptr<const config::v1::Tenant>> tenants);

// Returns `acting` with less assurance, by its name in config.v1: for input
// that can be trusted less than the key of the service itself, such as what a
// public form has sent. PERMISSION_DENIED if it is no assurance, or above that
// of the key.
absl::StatusOr<std::shared_ptr<const base::Principal>> ActWith(
    const base::Principal& acting, absl::string_view assurance);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_ACTING_TENANT_H_
