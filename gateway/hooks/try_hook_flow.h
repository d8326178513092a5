#ifndef KITH_GATEWAY_HOOKS_TRY_HOOK_FLOW_H_
#define KITH_GATEWAY_HOOKS_TRY_HOOK_FLOW_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "gateway/calls/task.h"
#include "gateway/hooks/understander.h"
#include "kith/gateway/v1/hook.pb.h"

namespace kith::gateway {

// Shows what requests to connectors would become. Thread-safe.
class TryHookFlow {
 public:
  // Without `hooks` there is no connector. `clock` must outlive the flow.
  TryHookFlow(std::shared_ptr<const Understander> hooks,
              const base::Clock& clock)
      : hooks_(std::move(hooks)), clock_(clock) {}

  // TryHook. Makes no call and writes nothing.
  Task<absl::Status> Try(const base::RequestContext& context,
                         const v1::TryHookRequest& request,
                         v1::TryHookResponse& response) const;

 private:
  absl::Status Show(const base::RequestContext& context,
                    const v1::TryHookRequest& request,
                    v1::TryHookResponse& response) const;

  const std::shared_ptr<const Understander> hooks_;
  const base::Clock& clock_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_TRY_HOOK_FLOW_H_
