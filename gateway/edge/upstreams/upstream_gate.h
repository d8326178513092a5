#ifndef KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_GATE_H_
#define KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_GATE_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/key_limiter.h"
#include "common/auth/live_keys.h"

namespace kith::edge {

// The scope of a key that may call services which the gateway only passes
// calls on to.
inline constexpr char kUpstreamScope[] = "upstreams.call";

// Lets callers of other services in, as rpc::CallGate does for those of this
// process: whether those services have a gate of their own is not known.
// Thread-safe.
class UpstreamGate {
 public:
  // Keys have no limits here if `limiter` is null; else it must outlive all
  // calls.
  UpstreamGate(std::shared_ptr<const auth::LiveKeys> keys,
               auth::KeyLimiter* limiter)
      : keys_(std::move(keys)), limiter_(limiter) {}

  // Admits a call; the slot is to be kept until its end. UNAUTHENTICATED
  // without a valid key or token; PERMISSION_DENIED without kUpstreamScope, or
  // with the key of a public form; RESOURCE_EXHAUSTED if the key has reached a
  // limit.
  absl::StatusOr<auth::KeyLimiter::Slot> Admit(
      absl::string_view authorization, auth::KeyLimiter::Kind kind) const;

 private:
  const std::shared_ptr<const auth::LiveKeys> keys_;
  auth::KeyLimiter* const limiter_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_UPSTREAMS_UPSTREAM_GATE_H_
