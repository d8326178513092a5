// Signed tokens (common/auth/jwt). The input is a token, or header and payload
// of one as two lines.

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/auth/jwt/base64url.h"
#include "common/auth/jwt/claims.h"
#include "common/auth/jwt/json_object.h"
#include "common/auth/jwt/jws.h"
#include "common/auth/jwt/token_fixture.h"
#include "tests/fuzz/json_reader.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

constexpr int kMostTokenDepth = 16;

const jwt::JwkSet& IssuerKeys() {
  static const auto& keys =
      *new jwt::JwkSet(*jwt::JwkSet::Parse(jwt::TokenSigner(1).JwkSet("a")));
  return keys;
}

void CheckToken(absl::string_view token) {
  const auto jws = jwt::Jws::Parse(token);
  if (!jws.ok()) {
    Require(absl::IsUnauthenticated(jws.status()), "one code for faults");
    return;
  }
  Require(token.size() <= jwt::kMostTokenBytes, "tokens have a limit");
  Require(absl::StrCat(jws->signed_text, ".",
                       absl::WebSafeBase64Escape(jws->signature)) == token,
          "a token has one form");
  Require(jws->claims.is_object(), "claims are an object");
  // Of the tokens here, only those that FuzzJwt signs are good.
  Require(!jws->Verify(IssuerKeys()).ok(), "a forged token is refused");
}

void CheckClaims(const nlohmann::json& claims) {
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  const auto end = jwt::CheckTimes(claims, now);
  Require(!end.ok() || *end + jwt::kLeeway > now, "it ends in the future");
  if (jwt::CheckAudience(claims, {"kith"}).ok()) {
    Require(absl::StrContains(claims["aud"].dump(), "\"kith\""),
            "we are in the audience");
  }
  const auto name = jwt::NameClaim(claims, "sub");
  if (name.ok()) {
    Require(!name->empty() && name->size() <= size_t{4} * 320 &&
                name->find_first_of(std::string("\0\n\r\x1b", 4)) ==
                    std::string::npos,
            "a name is short plain text");
  }
  const auto words = jwt::WordsClaim(claims, "scope");
  if (words.ok() && claims.contains("scope") && claims["scope"].is_string()) {
    for (const std::string& word : *words) {
      Require(!word.empty() && !absl::StrContains(word, ' '), "a word is one");
    }
  }
}

// Signs the payload, then changes the token at a place that the header names.
void CheckSigned(absl::string_view header, const nlohmann::json& claims) {
  const std::string token = jwt::TokenSigner(1).Token("a", claims);
  if (token.size() > jwt::kMostTokenBytes) return;
  const auto jws = jwt::Jws::Parse(token);
  Require(jws.ok() && jws->claims == claims, "claims come back");
  Require(jws->Verify(IssuerKeys()).ok(), "a signed token is good");
  std::string changed = token;
  size_t at = 0;
  for (const char c : header) at = at * 31 + static_cast<unsigned char>(c);
  at %= token.size();
  changed[at] = changed[at] == 'A' ? 'B' : 'A';
  CheckToken(changed);
  CheckToken(token.substr(0, at));
}

}  // namespace

void FuzzJwt(absl::string_view input) {
  CheckToken(input);
  const auto decoded = jwt::DecodeBase64Url(input);
  if (decoded.has_value()) {
    Require(absl::WebSafeBase64Escape(*decoded) == input,
            "base64url has one form");
  }
  const std::pair<absl::string_view, absl::string_view> lines =
      absl::StrSplit(input, absl::MaxSplits('\n', 1));
  CheckToken(absl::StrCat(absl::WebSafeBase64Escape(lines.first), ".",
                          absl::WebSafeBase64Escape(lines.second), ".AAAA"));
  const auto claims = jwt::ParseJsonObject(lines.second);
  if (!claims.ok()) return;
  Require(IsJson(lines.second, kMostTokenDepth), "claims are JSON");
  CheckClaims(*claims);
  CheckSigned(lines.first, *claims);
}

}  // namespace kith::fuzz
