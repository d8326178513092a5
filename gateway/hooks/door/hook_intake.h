#ifndef KITH_GATEWAY_HOOKS_DOOR_HOOK_INTAKE_H_
#define KITH_GATEWAY_HOOKS_DOOR_HOOK_INTAKE_H_

#include <memory>

#include "common/auth/live_keys.h"
#include "common/base/clock.h"
#include "gateway/calls/backends.h"
#include "gateway/edge/codecs/client_address.h"
#include "gateway/edge/pages/guest_pages.h"
#include "gateway/flows/consent_flow.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/flows/permission_flow.h"
#include "gateway/flows/touch_flow.h"
#include "gateway/hooks/door/hook_pages.h"
#include "gateway/hooks/journal/entry_flow.h"
#include "gateway/hooks/journal/journal_driver.h"
#include "gateway/hooks/understander.h"

namespace kith::gateway {

// All that a gateway with connectors needs: the door where requests come in,
// and the driver that takes up what waits in the journals. The driver begins
// with the object. The destructor waits for what is under way. Thread-safe.
class HookIntake {
 public:
  // `backends` and `clock` must outlive the object.
  HookIntake(const Backends& backends,
             std::shared_ptr<const Understander> hooks,
             const std::shared_ptr<const auth::LiveKeys>& keys,
             const base::Clock& clock, edge::TrustedProxies proxies);

  const edge::GuestPages& pages() const { return pages_; }

 private:
  const std::shared_ptr<const Understander> hooks_;
  const CustomerFlow customers_;
  const PermissionFlow permissions_;
  const TouchFlow touches_;
  const ConsentFlow consents_;
  const EntryFlow entries_;
  const HookPages pages_;
  JournalDriver driver_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_DOOR_HOOK_INTAKE_H_
