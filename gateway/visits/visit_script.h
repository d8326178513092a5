#ifndef KITH_GATEWAY_VISITS_VISIT_SCRIPT_H_
#define KITH_GATEWAY_VISITS_VISIT_SCRIPT_H_

#include <string>
#include <utility>
#include <vector>

namespace kith::gateway {

// Returns the scripts that pages of tenants include, by name: "visit".
const std::vector<std::pair<std::string, std::string>>& VisitScripts();

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VISITS_VISIT_SCRIPT_H_
