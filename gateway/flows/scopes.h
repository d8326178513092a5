#ifndef KITH_GATEWAY_FLOWS_SCOPES_H_
#define KITH_GATEWAY_FLOWS_SCOPES_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/request_context.h"
#include "google/protobuf/descriptor.h"
#include "kith/common/v1/common.pb.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"
#include "kith/identity/v1/identity_service.grpc.pb.h"
#include "kith/interactions/v1/interactions_service.grpc.pb.h"

namespace kith::gateway {

// The scopes of a flow that writes in more than one service. Each service
// refuses a key without the scope of its method; but by then another service
// may have written. So such a flow asks first for the scopes of all methods
// that it may call.

// Returns the scope of the method of a service that takes this type of request:
// each method has a request type of its own. Empty if there is none.
inline std::string ScopeOf(const google::protobuf::Descriptor& request) {
  for (const char* name :
       {contacts::v1::ContactsService::service_full_name(),
        identity::v1::IdentityService::service_full_name(),
        interactions::v1::InteractionsService::service_full_name()}) {
    const auto& service =
        *google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
            name);
    for (int i = 0; i < service.method_count(); ++i) {
      const auto& method = *service.method(i);
      if (method.input_type() != &request) continue;
      return method.options().GetExtension(common::v1::scope);
    }
  }
  return "";
}

// PERMISSION_DENIED, as the gate says it, with those of the scopes that the
// caller's key lacks.
inline absl::Status CheckScopes(const base::RequestContext& context,
                                const std::set<std::string>& scopes) {
  std::vector<std::string> lacking;
  for (const std::string& scope : scopes) {
    if (!context.principal->scopes.contains(scope)) lacking.push_back(scope);
  }
  if (lacking.empty()) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(
      "the API key lacks the scope", lacking.size() > 1 ? "s " : " ",
      absl::StrJoin(lacking, ", ")));
}

// The same for the scopes of the methods that take these requests.
template <typename... Requests>
absl::Status CheckScopesOf(const base::RequestContext& context) {
  static const auto* const scopes =
      new std::set<std::string>{ScopeOf(*Requests::descriptor())...};
  return CheckScopes(context, *scopes);
}

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_SCOPES_H_
