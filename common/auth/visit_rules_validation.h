#ifndef KITH_COMMON_AUTH_VISIT_RULES_VALIDATION_H_
#define KITH_COMMON_AUTH_VISIT_RULES_VALIDATION_H_

#include <string>
#include <vector>

#include "kith/config/v1/config.pb.h"

namespace kith::auth {

// Returns a line for each fault of a tenant's rules of visits; none if they are
// good. See config.proto for what they may have.
std::vector<std::string> FaultsOf(const config::v1::VisitRules& rules);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_VISIT_RULES_VALIDATION_H_
