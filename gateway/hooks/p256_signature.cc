#include "gateway/hooks/p256_signature.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/strip.h"
#include "common/auth/jwt/verify_key.h"

namespace kith::gateway {
namespace {

constexpr int kCoordinateBytes = 32;

// What is before the point in the DER of each key of P-256: id-ecPublicKey,
// prime256v1, and 4 for both coordinates.
constexpr absl::string_view kKeyPrefix(
    "\x30\x59\x30\x13\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x06\x08\x2A\x86\x48"
    "\xCE\x3D\x03\x01\x07\x03\x42\x00\x04",
    27);

struct SignatureDeleter {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};

// The two numbers of a signature, one after the other, as JWS has them. Empty
// if the DER is none.
std::string NumbersOf(absl::string_view der) {
  // What others find in the queue of errors of this thread is theirs.
  ERR_set_mark();
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* const end = at + der.size();
  const std::unique_ptr<ECDSA_SIG, SignatureDeleter> signature(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<int>(der.size())));
  ERR_pop_to_mark();
  if (signature == nullptr || at != end) return "";
  std::string numbers(2 * kCoordinateBytes, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(numbers.data());
  if (BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, kCoordinateBytes) <
          0 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + kCoordinateBytes,
                   kCoordinateBytes) < 0) {
    return "";
  }
  return numbers;
}

absl::StatusOr<jwt::VerifyKey> P256KeyOf(absl::string_view point) {
  return jwt::VerifyKey::Es256(
      point.substr(0, kCoordinateBytes),
      absl::ClippedSubstr(point, kCoordinateBytes, absl::string_view::npos));
}

}  // namespace

absl::StatusOr<std::string> ReadP256Key(absl::string_view base64) {
  std::string der;
  absl::string_view point;
  if (absl::Base64Unescape(base64, &der)) point = der;
  if (!absl::ConsumePrefix(&point, kKeyPrefix) || !P256KeyOf(point).ok()) {
    return absl::InvalidArgumentError(
        "want base64 of a public key of P-256, without its BEGIN and END");
  }
  return std::string(point);
}

bool IsP256Signature(absl::string_view point, absl::string_view text,
                     absl::string_view signature) {
  std::string der;
  if (!absl::Base64Unescape(signature, &der)) return false;
  const std::string numbers = NumbersOf(der);
  const auto key = P256KeyOf(point);
  return !numbers.empty() && key.ok() && key->Verifies(text, numbers);
}

}  // namespace kith::gateway
