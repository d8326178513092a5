#ifndef KITH_GATEWAY_HOOKS_MAPPING_SUSPICION_H_
#define KITH_GATEWAY_HOOKS_MAPPING_SUSPICION_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gateway/hooks/reading/document.h"
#include "kith/config/v1/connectors.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {

// Returns why a form looks as if a machine had sent it, such as "HONEYPOT
// website" or "TOO_QUICK 1 s"; empty if it does not. A time that cannot be read
// says nothing: it comes from the form itself. Never a reason to drop one.
absl::StatusOr<std::string> SuspicionOf(const config::v1::SuspectRule& rule,
                                        const HookScope& scope,
                                        absl::Time receive_time);

// Adds the attributes verdict and verdict_reason; nothing if `suspicion` is
// empty.
void AddSuspicion(absl::string_view suspicion,
                  interactions::v1::Interaction& interaction);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_MAPPING_SUSPICION_H_
