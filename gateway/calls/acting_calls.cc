#include "gateway/calls/acting_calls.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/acting_tenant.h"

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

}  // namespace kith::gateway
