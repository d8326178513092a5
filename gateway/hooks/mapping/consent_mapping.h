#ifndef KITH_GATEWAY_HOOKS_MAPPING_CONSENT_MAPPING_H_
#define KITH_GATEWAY_HOOKS_MAPPING_CONSENT_MAPPING_H_

#include <string>

#include "absl/status/status.h"
#include "gateway/hooks/reading/document.h"
#include "kith/config/v1/connectors.pb.h"
#include "kith/gateway/v1/hook.pb.h"

namespace kith::gateway {

// Adds the words about consent whose conditions hold, and whose channel the
// touch has a value of. `name` tells the touch from all others.
absl::Status AddConsents(const config::v1::TouchMapping& mapping,
                         const HookScope& scope, const std::string& name,
                         v1::HookTouch& touch);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_MAPPING_CONSENT_MAPPING_H_
