#ifndef KITH_COMMON_AUTH_ACTION_RULES_VALIDATION_H_
#define KITH_COMMON_AUTH_ACTION_RULES_VALIDATION_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "kith/config/v1/config.pb.h"

namespace kith::auth {

// Returns true if `text` can be the name of a queue: [a-z0-9][a-z0-9_-]{0,31}.
bool IsQueueName(absl::string_view text);

// Returns a line for each fault of a tenant's action rules; none if they are
// good. See config.proto for the limits. Refused as well: holidays that leave
// no hour open in 3 years.
std::vector<std::string> FaultsOf(const config::v1::ActionRules& rules);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_ACTION_RULES_VALIDATION_H_
