#include "gateway/calls/acting_calls.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/acting_tenant.h"
#include "common/status/status_macros.h"

namespace kith::gateway {

absl::StatusOr<base::RequestContext> ActingCalls::Enter(
    base::RequestContext trace, uint64_t tenant_id) const {
  base::RequestContext context = std::move(trace);
  const auto ring = keys_->keys();
  for (const auto& tenant : ring->tenants()) {
    if (tenant->id() != tenant_id) continue;
    context.authorization = backends_.OwnAuthorization();
    const auto own = ring->Authenticate(context.authorization);
    auto acting = own.ok()
                      ? auth::ActFor(**own, tenant->slug(), ring->tenants())
                      : own.status();
    if (!acting.ok()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "the key in --service_key_file may not act for tenants: ",
          acting.status().message()));
    }
    context.principal = *std::move(acting);
    context.acting_for = tenant->slug();
    context.deadline = absl::Now() + kLongest;
    return context;
  }
  return absl::NotFoundError("no such tenant");
}

absl::StatusOr<base::RequestContext> ActingCalls::EnterWith(
    base::RequestContext trace, uint64_t tenant_id,
    config::v1::Assurance assurance) const {
  KITH_ASSIGN_OR_RETURN(base::RequestContext context,
                        Enter(std::move(trace), tenant_id));
  KITH_ASSIGN_OR_RETURN(
      context.principal,
      auth::ActWith(*context.principal, config::v1::Assurance_Name(assurance)));
  return context;
}

}  // namespace kith::gateway
