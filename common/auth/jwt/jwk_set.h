#ifndef KITH_COMMON_AUTH_JWT_JWK_SET_H_
#define KITH_COMMON_AUTH_JWT_JWK_SET_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/jwt/verify_key.h"

namespace kith::jwt {

// A key of an issuer, as its JWK Set has it.
struct Jwk {
  // What a token calls it; nothing if it has no name.
  std::optional<std::string> kid;
  // The one value of `alg` that a token may have with it: RS256, ES256, EdDSA
  // or Ed25519.
  std::string alg;
  VerifyKey key;
};

// The public keys of an issuer (RFC 7517). Immutable, so thread-safe.
class JwkSet {
 public:
  // Reads a JWK Set. Leaves out keys that are not for signatures (`use`,
  // `key_ops`), and those of other types and algorithms. INVALID_ARGUMENT if
  // `text` is not a JWK Set, has more than 100 keys, has a private or symmetric
  // key, a malformed one, a kid twice, or no key that remains. The message
  // names the key by its place and has nothing of its content.
  static absl::StatusOr<JwkSet> Parse(absl::string_view text);

  // Returns the key of a token's kid, or null. A token without a kid means the
  // only key of the set.
  const Jwk* Find(const std::optional<std::string>& kid) const;

 private:
  std::vector<Jwk> keys_;
};

}  // namespace kith::jwt

#endif  // KITH_COMMON_AUTH_JWT_JWK_SET_H_
