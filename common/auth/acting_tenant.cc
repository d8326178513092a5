#include "common/auth/acting_tenant.h"

#include "common/auth/scopes.h"
#include "common/status/status_macros.h"

namespace kith::auth {

absl::StatusOr<std::shared_ptr<const base::Principal>> ActFor(
    const base::Principal& key, absl::string_view slug,
    absl::Span<const std::shared_ptr<const config::v1::Tenant>> tenants) {
  KITH_RETURN_IF_ERROR(CheckScopes(key, {kAllTenantsScope}));
  for (const auto& tenant : tenants) {
    if (tenant->slug() != slug) continue;
    auto principal = std::make_shared<base::Principal>(key);
    principal->tenant = tenant;
    return principal;
  }
  return absl::PermissionDeniedError(
      "there is no tenant that the key may act for by this name");
}

}  // namespace kith::auth
