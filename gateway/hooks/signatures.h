#ifndef KITH_GATEWAY_HOOKS_SIGNATURES_H_
#define KITH_GATEWAY_HOOKS_SIGNATURES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "kith/config/v1/connectors.pb.h"
#include "kith/gateway/v1/hook.pb.h"

namespace kith::gateway {

// What a signature is checked with.
struct SignatureKeys {
  // Each is taken. As ParseSecrets returns them.
  std::vector<std::string> secrets = {};
  // Where senders reach the gateway, without a path: "https://crm.example.com".
  // What stands in the Host header is the proxy's business, and anybody's word.
  std::string public_url = {};
};

// Reads the secrets of a file for a scheme: one a line, 1 to 8, of 8 to 1,000
// characters. Those of Standard Webhooks are decoded from base64, with or
// without "whsec_". INVALID_ARGUMENT with the number of the line, and nothing
// of its content.
absl::StatusOr<std::vector<std::string>> ParseSecrets(
    config::v1::SignatureScheme scheme, absl::string_view text);

// Returns what the signature of a request says at `now`. Compares in a time
// that does not depend on how much of a signature is right, with every secret
// and every signature of the request.
v1::HookVerdict CheckSignature(const config::v1::HookSignature& rule,
                               const SignatureKeys& keys,
                               const v1::HookRequest& request, absl::Time now);

// Returns true if a header proves who has sent a request, by any scheme: the
// journal does not keep it.
bool IsProof(const config::v1::HookSignature& rule, absl::string_view header);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_SIGNATURES_H_
