#ifndef KITH_COMMON_AUTH_JWT_JWS_H_
#define KITH_COMMON_AUTH_JWT_JWS_H_

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/jwt/jwk_set.h"

namespace kith::jwt {

// Longer tokens are refused before they are read.
inline constexpr size_t kMostTokenBytes = 8 << 10;

// The error of a token that is refused: UNAUTHENTICATED. The message is the
// reason as one word for metrics and logs. Callers never see it.
absl::Status RefusedError(absl::string_view reason);

// A signed token, read from its compact form but not verified yet: nothing in
// it can be trusted. Not thread-safe.
struct Jws {
  // Reads a token: three parts in base64url, the first two of which are JSON
  // objects. RefusedError "too_long", "malformed" (also a JWE, or a form
  // without a signature), "critical" (extensions that a reader must know; we
  // know none) or "type" (`typ` is there and is not JWT or at+jwt: a token for
  // something else).
  static absl::StatusOr<Jws> Parse(absl::string_view token);

  // OK if a key of the set verifies it. RefusedError "unknown_key" if no key
  // has its kid, "algorithm" if its `alg` is not that of the key, or
  // "signature".
  absl::Status Verify(const JwkSet& keys) const;

  std::string alg;
  std::optional<std::string> kid;
  nlohmann::json claims;
  // What is signed: the first two parts as they came.
  std::string signed_text;
  std::string signature;
};

}  // namespace kith::jwt

#endif  // KITH_COMMON_AUTH_JWT_JWS_H_
