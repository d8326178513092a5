#include "common/auth/jwt/jws.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/auth/jwt/base64url.h"
#include "common/auth/jwt/json_object.h"
#include "common/status/status_macros.h"

namespace kith::jwt {
namespace {

using nlohmann::json;

absl::StatusOr<json> DecodeObject(absl::string_view part) {
  const std::optional<std::string> text = DecodeBase64Url(part);
  if (!text.has_value()) return RefusedError("malformed");
  absl::StatusOr<json> object = ParseJsonObject(*text);
  if (!object.ok()) return RefusedError("malformed");
  return object;
}

// Media types are compared without case, and may omit "application/".
bool IsOurType(const std::string& typ) {
  const std::string lower = absl::AsciiStrToLower(typ);
  const absl::string_view type = absl::StripPrefix(lower, "application/");
  return type == "jwt" || type == "at+jwt";
}

absl::Status ReadHeader(const json& header, Jws& jws) {
  const std::string* const alg = TextMember(header, "alg");
  if (alg == nullptr) return RefusedError("malformed");
  jws.alg = *alg;
  if (header.contains("crit")) return RefusedError("critical");
  if (header.contains("kid")) {
    const std::string* const kid = TextMember(header, "kid");
    if (kid == nullptr) return RefusedError("malformed");
    jws.kid = *kid;
  }
  if (header.contains("typ")) {
    const std::string* const typ = TextMember(header, "typ");
    if (typ == nullptr || !IsOurType(*typ)) return RefusedError("type");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RefusedError(absl::string_view reason) {
  return absl::UnauthenticatedError(reason);
}

absl::StatusOr<Jws> Jws::Parse(absl::string_view token) {
  if (token.size() > kMostTokenBytes) return RefusedError("too_long");
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return RefusedError("malformed");
  Jws jws;
  KITH_ASSIGN_OR_RETURN(const json header, DecodeObject(parts[0]));
  KITH_RETURN_IF_ERROR(ReadHeader(header, jws));
  KITH_ASSIGN_OR_RETURN(jws.claims, DecodeObject(parts[1]));
  std::optional<std::string> signature = DecodeBase64Url(parts[2]);
  if (!signature.has_value()) return RefusedError("malformed");
  jws.signature = *std::move(signature);
  jws.signed_text = absl::StrCat(parts[0], ".", parts[1]);
  return jws;
}

absl::Status Jws::Verify(const JwkSet& keys) const {
  const Jwk* const key = keys.Find(kid);
  if (key == nullptr) return RefusedError("unknown_key");
  if (alg != key->alg) return RefusedError("algorithm");
  return key->key.Verifies(signed_text, signature) ? absl::OkStatus()
                                                   : RefusedError("signature");
}

}  // namespace kith::jwt
