#ifndef KITH_GATEWAY_CALLS_ACTING_CALLS_H_
#define KITH_GATEWAY_CALLS_ACTING_CALLS_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/live_keys.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "kith/config/v1/config.pb.h"

namespace kith::gateway {

// Calls that the gateway makes with its own key, for a tenant whose caller has
// no key: a signed link or a public form says which tenant. Thread-safe.
class ActingCalls {
 public:
  // The longest time that such a caller waits.
  static constexpr absl::Duration kLongest = absl::Seconds(5);

  // `backends` must outlive the object.
  ActingCalls(const Backends& backends,
              std::shared_ptr<const auth::LiveKeys> keys)
      : backends_(backends), keys_(std::move(keys)) {}

  // Returns the context of calls for a tenant; `trace` has the trace. NOT_FOUND
  // if there is no such tenant any more, FAILED_PRECONDITION if the gateway has
  // no key of its own that is valid here and may act for tenants.
  absl::StatusOr<base::RequestContext> Enter(base::RequestContext trace,
                                             uint64_t tenant_id) const;

  // The same for what has less assurance than the gateway's own key.
  // PERMISSION_DENIED if it has more.
  absl::StatusOr<base::RequestContext> EnterWith(
      base::RequestContext trace, uint64_t tenant_id,
      config::v1::Assurance assurance) const;

 private:
  const Backends& backends_;
  const std::shared_ptr<const auth::LiveKeys> keys_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_ACTING_CALLS_H_
