#include "common/auth/jwt/verify_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace kith::jwt {
namespace {

constexpr size_t kCoordinateBytes = 32;
constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 8192;
constexpr int kMostExponentBits = 32;

template <auto Free>
struct Freeing {
  template <typename T>
  void operator()(T* owned) const {
    Free(owned);
  }
};
using Number = std::unique_ptr<BIGNUM, Freeing<BN_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freeing<OSSL_PARAM_free>>;
using ParamBuilder =
    std::unique_ptr<OSSL_PARAM_BLD, Freeing<OSSL_PARAM_BLD_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freeing<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freeing<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freeing<ECDSA_SIG_free>>;

// OpenSSL keeps the errors of a thread in a queue, where they would be found by
// the TLS of others that use the thread.
class ErrorsForgotten {
 public:
  ErrorsForgotten() { ERR_set_mark(); }
  ~ErrorsForgotten() { ERR_pop_to_mark(); }
  ErrorsForgotten(const ErrorsForgotten&) = delete;
  ErrorsForgotten& operator=(const ErrorsForgotten&) = delete;
};

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number NumberOf(absl::string_view big_endian) {
  return Number(BN_bin2bn(Bytes(big_endian),
                          static_cast<int>(big_endian.size()), nullptr));
}

absl::Status BadKeyError(absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat("want ", wanted));
}

// The DER in which OpenSSL wants what JWS writes as two numbers. Empty if it is
// not two numbers of the right size.
std::string DerOf(absl::string_view signature) {
  if (signature.size() != 2 * kCoordinateBytes) return "";
  Number r = NumberOf(signature.substr(0, kCoordinateBytes));
  Number s = NumberOf(signature.substr(kCoordinateBytes));
  const EcdsaSignature numbers(ECDSA_SIG_new());
  if (ECDSA_SIG_set0(numbers.get(), r.get(), s.get()) != 1) return "";
  // It owns them now.
  (void)r.release();
  (void)s.release();
  std::string der(i2d_ECDSA_SIG(numbers.get(), nullptr), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(numbers.get(), &out);
  return der;
}

}  // namespace

VerifyKey::VerifyKey(Kind kind, std::shared_ptr<EVP_PKEY> key)
    : kind_(kind), key_(std::move(key)) {}

absl::StatusOr<VerifyKey> VerifyKey::Make(Kind kind, const char* type,
                                          OSSL_PARAM* params) {
  const ErrorsForgotten forgotten;
  const KeyContext making(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (EVP_PKEY_fromdata_init(making.get()) != 1 ||
      EVP_PKEY_fromdata(making.get(), &made, EVP_PKEY_PUBLIC_KEY, params) !=
          1) {
    return BadKeyError(absl::StrCat("a public key of the type ", type));
  }
  std::shared_ptr<EVP_PKEY> key(made, EVP_PKEY_free);
  const KeyContext checking(
      EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (EVP_PKEY_public_check(checking.get()) != 1) {
    return BadKeyError(absl::StrCat("a valid public key of the type ", type));
  }
  return VerifyKey(kind, std::move(key));
}

absl::StatusOr<VerifyKey> VerifyKey::Rs256(absl::string_view modulus,
                                           absl::string_view exponent) {
  if (modulus.size() > kMostRsaBits / 8 || exponent.size() > 8) {
    return BadKeyError("an RSA modulus n of 2048 to 8192 bits, and an e");
  }
  const Number n = NumberOf(modulus);
  const Number e = NumberOf(exponent);
  if (BN_num_bits(n.get()) < kLeastRsaBits || BN_is_odd(n.get()) != 1) {
    return BadKeyError("an RSA modulus n of 2048 to 8192 bits");
  }
  if (BN_is_odd(e.get()) != 1 || BN_is_one(e.get()) == 1 ||
      BN_num_bits(e.get()) > kMostExponentBits) {
    return BadKeyError("an odd RSA exponent e from 3 to 2^32 - 1");
  }
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  return Make(Kind::kRs256, "RSA", params.get());
}

absl::StatusOr<VerifyKey> VerifyKey::Es256(absl::string_view x,
                                           absl::string_view y) {
  if (x.size() != kCoordinateBytes || y.size() != kCoordinateBytes) {
    return BadKeyError("x and y of 32 bytes");
  }
  // 4: both coordinates follow.
  const std::string point = absl::StrCat("\x04", x, y);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                  "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                   point.data(), point.size());
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  return Make(Kind::kEs256, "EC", params.get());
}

absl::StatusOr<VerifyKey> VerifyKey::Ed25519(absl::string_view x) {
  if (x.size() != kCoordinateBytes) return BadKeyError("x of 32 bytes");
  const ErrorsForgotten forgotten;
  std::shared_ptr<EVP_PKEY> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(x),
                                  x.size()),
      EVP_PKEY_free);
  if (key == nullptr) return BadKeyError("a public key of Ed25519");
  return VerifyKey(Kind::kEd25519, std::move(key));
}

bool VerifyKey::Verifies(absl::string_view text,
                         absl::string_view signature) const {
  const ErrorsForgotten forgotten;
  std::string der;
  if (kind_ == Kind::kEs256) {
    der = DerOf(signature);
    if (der.empty()) return false;
    signature = der;
  }
  // Ed25519 hashes by itself.
  const EVP_MD* const hash = kind_ == Kind::kEd25519 ? nullptr : EVP_sha256();
  const DigestContext context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr,
                              key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                          Bytes(text), text.size()) == 1;
}

}  // namespace kith::jwt
