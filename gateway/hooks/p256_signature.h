#ifndef KITH_GATEWAY_HOOKS_P256_SIGNATURE_H_
#define KITH_GATEWAY_HOOKS_P256_SIGNATURE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::gateway {

// ECDSA over P-256 with SHA-256, as senders write it who sign with a private
// key of their own. Pure functions.

// Reads a public key in base64 of its SubjectPublicKeyInfo (RFC 5480), and
// returns its point: x and y, 32 bytes each. INVALID_ARGUMENT if it is no point
// of P-256.
absl::StatusOr<std::string> ReadP256Key(absl::string_view base64);

// Returns true if `signature`, base64 of an ECDSA-Sig-Value (RFC 3279, section
// 2.2.3), is that of `text` by the key of a point.
bool IsP256Signature(absl::string_view point, absl::string_view text,
                     absl::string_view signature);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_P256_SIGNATURE_H_
