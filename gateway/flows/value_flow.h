#ifndef KITH_GATEWAY_FLOWS_VALUE_FLOW_H_
#define KITH_GATEWAY_FLOWS_VALUE_FLOW_H_

#include "absl/status/status.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "kith/gateway/v1/value.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::gateway {

// Requests about values, whoever holds them: tells how they are read, and
// quarantines and releases them. Thread-safe.
class ValueFlow {
 public:
  explicit ValueFlow(const Backends& backends) : backends_(backends) {}

  // ReadValue. Takes two calls to identity-svc: the readings, then whom they
  // find. Fails as these do.
  Task<absl::Status> Read(const base::RequestContext& context,
                          const v1::ReadValueRequest& request,
                          v1::ReadValueResponse& response) const;

  Task<absl::Status> Quarantine(const base::RequestContext& context,
                                const v1::QuarantineIdentityRequest& request,
                                identity::v1::Identity& response) const;

  // Dismisses the REVIEW of the holder that asks for it behind the deed: if
  // that fails, it is left to people.
  Task<absl::Status> Release(const base::RequestContext& context,
                             const v1::ReleaseIdentityRequest& request,
                             identity::v1::Identity& response) const;

 private:
  const Backends& backends_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_VALUE_FLOW_H_
