#ifndef KITH_COMMON_BASE_REQUEST_CONTEXT_H_
#define KITH_COMMON_BASE_REQUEST_CONTEXT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "kith/config/v1/config.pb.h"

namespace kith::base {

// True for input that anybody could have sent, such as through a public form.
inline bool IsByForm(config::v1::Assurance assurance) {
  return assurance < config::v1::ASSURANCE_REPORTED;
}

// The caller: what an API key, or a token of an issuer, stands for. Immutable
// after it was made.
struct Principal {
  // The id of the API key, or of the issuer.
  std::string key_id;
  // Who calls with a token, as the issuer identifies people. Empty for a key.
  std::string subject;
  // Their name as an actor. Empty for a key.
  std::string person;
  // When the token ends, by its claim exp. A key has no end.
  absl::Time expire_time = absl::InfiniteFuture();
  std::shared_ptr<const config::v1::Tenant> tenant;
  absl::flat_hash_set<std::string> scopes;
  config::v1::Assurance assurance =
      config::v1::Assurance::ASSURANCE_UNSPECIFIED;
  config::v1::CallLimits limits;
};

// All that services and flows know about the call that they work for. It is
// their first argument.
struct RequestContext {
  uint64_t tenant_id() const { return principal->tenant->id(); }

  std::shared_ptr<const Principal> principal;

  // The gateway's own key, if it has sent that beside the caller's credential:
  // it vouches for what it has checked. Null in the gateway itself.
  std::shared_ptr<const Principal> forwarder;

  // W3C trace context: 32 and 16 hex digits.
  std::string trace_id;
  std::string span_id;

  // Whether the trace is to be recorded, as the caller or the root decided.
  bool sampled = false;

  // The trace ids of further calls that this call works for as well.
  std::vector<std::string> joined_trace_ids;

  // The time at which the caller stops waiting. Always set in a call.
  absl::Time deadline = absl::InfiniteFuture();

  // The authorization metadata as received, to make calls on behalf of the
  // caller.
  std::string authorization;

  // The slug of the tenant that a key of all tenants acts for, to make calls
  // for it. Empty if the call is for the key's own tenant.
  std::string acting_for;
};

// Returns the context of work for a tenant that no caller has asked for, such
// as the rebuild of a lookup. Only the tenant's id and the deadline are set.
inline RequestContext ContextOf(uint64_t tenant_id,
                                absl::Time deadline = absl::InfiniteFuture()) {
  auto tenant = std::make_shared<config::v1::Tenant>();
  tenant->set_id(tenant_id);
  auto principal = std::make_shared<Principal>();
  principal->tenant = std::move(tenant);
  RequestContext context;
  context.principal = std::move(principal);
  context.deadline = deadline;
  return context;
}

}  // namespace kith::base

#endif  // KITH_COMMON_BASE_REQUEST_CONTEXT_H_
