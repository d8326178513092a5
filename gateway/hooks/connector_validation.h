#ifndef KITH_GATEWAY_HOOKS_CONNECTOR_VALIDATION_H_
#define KITH_GATEWAY_HOOKS_CONNECTOR_VALIDATION_H_

#include <string>
#include <vector>

#include "kith/config/v1/connectors.pb.h"

namespace kith::gateway {

// Returns a line for each fault of a connector that has got what its ready-made
// one gives it; none if it is good. See connectors.proto for the limits.
// Whether its tenant and its secret file exist is for its loader.
std::vector<std::string> FaultsOf(const config::v1::Connector& connector);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_CONNECTOR_VALIDATION_H_
