#include "common/auth/acting_tenant.h"

#include <string>

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

absl::StatusOr<std::shared_ptr<const base::Principal>> ActWith(
    const base::Principal& acting, absl::string_view assurance) {
  config::v1::Assurance asked = config::v1::ASSURANCE_UNSPECIFIED;
  if (!config::v1::Assurance_Parse(std::string(assurance), &asked) ||
      asked == config::v1::ASSURANCE_UNSPECIFIED || asked > acting.assurance) {
    return absl::PermissionDeniedError(
        "the key may not act with this assurance, want at most its own");
  }
  auto principal = std::make_shared<base::Principal>(acting);
  principal->assurance = asked;
  return principal;
}

}  // namespace kith::auth
