#ifndef KITH_COMMON_AUTH_JWT_TOKEN_FIXTURE_H_
#define KITH_COMMON_AUTH_JWT_TOKEN_FIXTURE_H_

#include <openssl/evp.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace kith::jwt {

// Signs tokens with a key of Ed25519, for tests.
class TokenSigner {
 public:
  // The same number makes the same key.
  explicit TokenSigner(char number) : seed_(32, number) {}

  // The JWK Set of its public key.
  std::string JwkSet(const std::string& kid) const {
    std::string x(32, '\0');
    size_t size = x.size();
    EVP_PKEY_get_raw_public_key(
        Key().get(), reinterpret_cast<unsigned char*>(x.data()), &size);
    return nlohmann::json{{"keys",
                           {{{"kty", "OKP"},
                             {"crv", "Ed25519"},
                             {"kid", kid},
                             {"x", absl::WebSafeBase64Escape(x)}}}}}
        .dump();
  }

  std::string Token(const std::string& kid,
                    const nlohmann::json& claims) const {
    const nlohmann::json header = {{"alg", "EdDSA"}, {"kid", kid}};
    const std::string text =
        absl::StrCat(absl::WebSafeBase64Escape(header.dump()), ".",
                     absl::WebSafeBase64Escape(claims.dump()));
    return absl::StrCat(text, ".",
                        absl::WebSafeBase64Escape(SignatureOf(text)));
  }

 private:
  using PrivateKey = std::shared_ptr<EVP_PKEY>;

  PrivateKey Key() const {
    return {
        EVP_PKEY_new_raw_private_key(
            EVP_PKEY_ED25519, nullptr,
            reinterpret_cast<const unsigned char*>(seed_.data()), seed_.size()),
        EVP_PKEY_free};
  }

  std::string SignatureOf(const std::string& text) const {
    std::string signature(64, '\0');
    size_t size = signature.size();
    const std::shared_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new(),
                                              EVP_MD_CTX_free);
    const PrivateKey key = Key();
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get());
    EVP_DigestSign(context.get(),
                   reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()),
                   text.size());
    return signature;
  }

  const std::string seed_;
};

}  // namespace kith::jwt

#endif  // KITH_COMMON_AUTH_JWT_TOKEN_FIXTURE_H_
