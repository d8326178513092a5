// The keys of issuers (common/auth/jwt/jwk_set.h). The input is a JWK Set, or
// one key of it.

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/auth/jwt/json_object.h"
#include "common/auth/jwt/jwk_set.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

// What a set that is taken may not have, whatever else is in it.
void CheckKey(const nlohmann::json& key, const jwt::JwkSet& set) {
  Require(key.is_object() && !key.contains("d") && !key.contains("k"),
          "no private or symmetric key");
  const std::string* const kid = jwt::TextMember(key, "kid");
  if (kid == nullptr) return;
  const jwt::Jwk* const found = set.Find(*kid);
  if (found == nullptr) return;
  Require(found->kid == *kid, "a key is found by its name");
  Require(found->alg == "RS256" || found->alg == "ES256" ||
              found->alg == "EdDSA" || found->alg == "Ed25519",
          "a key has one algorithm of ours");
  Require(!found->key.Verifies("text", "signature") &&
              !found->key.Verifies("text", std::string(64, '\0')) &&
              !found->key.Verifies("text", ""),
          "a key does not verify what is no signature");
}

void CheckSet(absl::string_view text) {
  const auto set = jwt::JwkSet::Parse(text);
  if (!set.ok()) {
    Require(absl::IsInvalidArgument(set.status()), "one code for faults");
    return;
  }
  const auto object = jwt::ParseJsonObject(text);
  Require(object.ok(), "a set is an object");
  const nlohmann::json& keys = (*object)["keys"];
  Require(!keys.empty() && keys.size() <= 100, "1 to 100 keys");
  for (const nlohmann::json& key : keys) CheckKey(key, *set);
  Require(set->Find(std::string(300, 'x')) == nullptr, "no other key is found");
}

}  // namespace

void FuzzJwks(absl::string_view input) {
  CheckSet(input);
  CheckSet(absl::StrCat("{\"keys\":[", input, "]}"));
}

}  // namespace kith::fuzz
