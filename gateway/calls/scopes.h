#ifndef KITH_GATEWAY_CALLS_SCOPES_H_
#define KITH_GATEWAY_CALLS_SCOPES_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/auth/scopes.h"
#include "common/base/request_context.h"
#include "common/rpc/call_metrics.h"
#include "kith/common/v1/common.pb.h"

namespace kith::gateway {

// The scopes of a flow that writes in more than one service. Each service
// refuses a key without the scope of its method; but by then another service
// may have written. So such a flow asks first for the scopes of all methods
// that it may call: PERMISSION_DENIED, as the gate says it, with those that the
// caller's key lacks. The methods are those that take these requests.
template <typename... Requests>
absl::Status CheckScopesOf(const base::RequestContext& context) {
  static const auto* const scopes =
      new std::set<std::string>{rpc::MethodOf(*Requests::descriptor())
                                    .options()
                                    .GetExtension(common::v1::scope)...};
  return auth::CheckScopes(
      *context.principal,
      std::vector<absl::string_view>(scopes->begin(), scopes->end()));
}

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_SCOPES_H_
