#ifndef KITH_COMMON_AUTH_JWT_VERIFY_KEY_H_
#define KITH_COMMON_AUTH_JWT_VERIFY_KEY_H_

#include <openssl/types.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::jwt {

// A public key, bound to the one algorithm that it verifies. Immutable, so
// thread-safe.
class VerifyKey {
 public:
  // RS256 (RFC 7518, section 3.3), by modulus and exponent, big-endian.
  // INVALID_ARGUMENT unless the modulus has 2,048 to 8,192 bits and the
  // exponent is odd, from 3 to 2^32 - 1.
  static absl::StatusOr<VerifyKey> Rs256(absl::string_view modulus,
                                         absl::string_view exponent);

  // ES256 (section 3.4), by the coordinates of a point of P-256, 32 bytes each.
  // INVALID_ARGUMENT if it is not on the curve.
  static absl::StatusOr<VerifyKey> Es256(absl::string_view x,
                                         absl::string_view y);

  // EdDSA (RFC 8037) with Ed25519, by 32 bytes. INVALID_ARGUMENT if it is not
  // 32 bytes.
  static absl::StatusOr<VerifyKey> Ed25519(absl::string_view x);

  // Returns true if `signature` is that of `text`, in the form of JWS: for
  // ES256, the two numbers of 32 bytes.
  bool Verifies(absl::string_view text, absl::string_view signature) const;

 private:
  enum class Kind { kRs256, kEs256, kEd25519 };

  VerifyKey(Kind kind, std::shared_ptr<EVP_PKEY> key);

  // A key of the type of OpenSSL, from its OSSL_PARAM; checked.
  static absl::StatusOr<VerifyKey> Make(Kind kind, const char* type,
                                        OSSL_PARAM* params);

  Kind kind_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace kith::jwt

#endif  // KITH_COMMON_AUTH_JWT_VERIFY_KEY_H_
