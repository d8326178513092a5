#include "gateway/hooks/door/hook_intake.h"

#include <utility>

namespace kith::gateway {

HookIntake::HookIntake(const Backends& backends,
                       std::shared_ptr<const Understander> hooks,
                       const std::shared_ptr<const auth::LiveKeys>& keys,
                       const base::Clock& clock, edge::TrustedProxies proxies)
    : hooks_(std::move(hooks)),
      customers_(backends),
      permissions_(backends, customers_, clock),
      touches_(backends, customers_, permissions_, clock),
      consents_(backends, customers_, clock),
      entries_(backends, touches_, consents_, *hooks_, keys),
      pages_(*hooks_, entries_, clock, std::move(proxies)),
      driver_(entries_, keys) {}

}  // namespace kith::gateway
