#ifndef KITH_GATEWAY_HOOKS_LOADED_CONNECTOR_H_
#define KITH_GATEWAY_HOOKS_LOADED_CONNECTOR_H_

#include <set>
#include <string>

#include "absl/time/time.h"
#include "gateway/hooks/signatures.h"
#include "gateway/hooks/understander.h"
#include "kith/config/v1/connectors.pb.h"

namespace kith::gateway {

// A connector with all that its requests are understood by. Its configuration
// has no fault. Immutable after it was made.
struct LoadedConnector {
  HookSource source = {};
  // With what the ready-made connector gives it.
  config::v1::Connector config = {};
  SignatureKeys keys = {};
  // Of the tenant.
  absl::TimeZone zone = absl::UTCTimeZone();
  // Fields of the body and headers that its paths name.
  std::set<std::string> named_fields = {};
  std::set<std::string> named_headers = {};
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_LOADED_CONNECTOR_H_
