#include "common/auth/jwt/jwk_set.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/jwt/base64url.h"
#include "common/auth/jwt/json_object.h"
#include "common/status/status_macros.h"

namespace kith::jwt {
namespace {

using nlohmann::json;

constexpr size_t kMostKeys = 100;
// Longer than any, shorter than a token.
constexpr size_t kLongestKid = 256;

absl::Status BadSetError(absl::string_view fault) {
  return absl::InvalidArgumentError(absl::StrCat("JWK Set: ", fault));
}

// The bytes of a member in base64url; empty if there are none.
std::string BytesMember(const json& jwk, const char* name) {
  const std::string* const text = TextMember(jwk, name);
  if (text == nullptr) return "";
  return DecodeBase64Url(*text).value_or("");
}

bool IsMember(const json& jwk, const char* name, absl::string_view wanted) {
  const std::string* const text = TextMember(jwk, name);
  return text != nullptr && *text == wanted;
}

// Whether the key is there to verify signatures.
bool IsForSignatures(const json& jwk) {
  if (jwk.contains("use") && !IsMember(jwk, "use", "sig")) return false;
  const auto operations = jwk.find("key_ops");
  return operations == jwk.end() ||
         std::find(operations->begin(), operations->end(), json("verify")) !=
             operations->end();
}

// The algorithm that the key is bound to; empty if it is none of ours.
std::string AlgorithmOf(const json& jwk) {
  const bool rsa = IsMember(jwk, "kty", "RSA");
  const bool p256 = IsMember(jwk, "kty", "EC") && IsMember(jwk, "crv", "P-256");
  const bool ed25519 =
      IsMember(jwk, "kty", "OKP") && IsMember(jwk, "crv", "Ed25519");
  std::string usual = rsa ? "RS256" : p256 ? "ES256" : ed25519 ? "EdDSA" : "";
  if (usual.empty() || !jwk.contains("alg")) return usual;
  if (IsMember(jwk, "alg", usual)) return usual;
  // Its other name, by RFC 9864.
  if (ed25519 && IsMember(jwk, "alg", "Ed25519")) return "Ed25519";
  return "";
}

absl::StatusOr<VerifyKey> KeyOf(const json& jwk, absl::string_view alg) {
  const auto bytes = [&](const char* name) { return BytesMember(jwk, name); };
  if (alg == "RS256") return VerifyKey::Rs256(bytes("n"), bytes("e"));
  if (alg == "ES256") return VerifyKey::Es256(bytes("x"), bytes("y"));
  return VerifyKey::Ed25519(bytes("x"));
}

// Nothing if the key is left out.
absl::StatusOr<std::optional<Jwk>> ReadJwk(const json& jwk) {
  if (!jwk.is_object() || TextMember(jwk, "kty") == nullptr) {
    return absl::InvalidArgumentError("want an object with a kty");
  }
  if (jwk.contains("d") || jwk.contains("k")) {
    return absl::InvalidArgumentError(
        "a private or symmetric key, want public keys only");
  }
  const std::string alg = AlgorithmOf(jwk);
  if (alg.empty() || !IsForSignatures(jwk)) return std::optional<Jwk>();
  std::optional<std::string> kid;
  if (jwk.contains("kid")) {
    const std::string* const text = TextMember(jwk, "kid");
    if (text == nullptr || text->empty() || text->size() > kLongestKid) {
      return absl::InvalidArgumentError("kid, want 1 to 256 characters");
    }
    kid = *text;
  }
  KITH_ASSIGN_OR_RETURN(VerifyKey key, KeyOf(jwk, alg));
  return Jwk{std::move(kid), alg, std::move(key)};
}

}  // namespace

absl::StatusOr<JwkSet> JwkSet::Parse(absl::string_view text) {
  const absl::StatusOr<json> object = ParseJsonObject(text);
  if (!object.ok()) return BadSetError(object.status().message());
  const auto keys = object->find("keys");
  if (keys == object->end() || !keys->is_array() || keys->size() > kMostKeys) {
    return BadSetError("want an object with a list \"keys\", at most 100");
  }
  JwkSet set;
  for (size_t i = 0; i < keys->size(); ++i) {
    absl::StatusOr<std::optional<Jwk>> jwk = ReadJwk((*keys)[i]);
    const std::string name = absl::StrCat("keys[", i, "]: ");
    if (!jwk.ok()) {
      return BadSetError(absl::StrCat(name, jwk.status().message()));
    }
    if (!jwk->has_value()) continue;
    for (const Jwk& other : set.keys_) {
      if (other.kid == (*jwk)->kid) {
        return BadSetError(absl::StrCat(name, "the kid of another key"));
      }
    }
    set.keys_.push_back(**std::move(jwk));
  }
  if (set.keys_.empty()) {
    return BadSetError("no key that verifies RS256, ES256 or EdDSA");
  }
  return set;
}

const Jwk* JwkSet::Find(const std::optional<std::string>& kid) const {
  if (!kid.has_value()) return keys_.size() == 1 ? keys_.data() : nullptr;
  for (const Jwk& key : keys_) {
    if (key.kid == kid) return &key;
  }
  return nullptr;
}

}  // namespace kith::jwt
