#ifndef KITH_COMMON_AUTH_CONTACT_RULES_VALIDATION_H_
#define KITH_COMMON_AUTH_CONTACT_RULES_VALIDATION_H_

#include <string>
#include <vector>

#include "kith/config/v1/config.pb.h"

namespace kith::auth {

// Returns a line for each fault of a tenant's contact rules; none if they are
// good. See config.proto for the limits. Refused as well: quiet hours that
// leave no minute of a week for their channel.
std::vector<std::string> FaultsOf(const config::v1::ContactRules& rules);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_CONTACT_RULES_VALIDATION_H_
