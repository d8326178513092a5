#ifndef KITH_GATEWAY_HOOKS_READY_CONNECTORS_H_
#define KITH_GATEWAY_HOOKS_READY_CONNECTORS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "kith/config/v1/connectors.pb.h"

namespace kith::gateway {

// The ready-made connectors, by their names in their order: the text of each
// file of gateway/hooks/ready, a Connector. Made at build time.
const std::vector<std::pair<std::string, std::string>>& ReadyConnectors();

// Gives a connector what its ready-made one has and it does not set itself: see
// Connector.ready. Does nothing if it names none. INVALID_ARGUMENT, with the
// names that there are, if there is no such ready-made connector.
absl::Status AddReady(config::v1::Connector& connector);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_READY_CONNECTORS_H_
