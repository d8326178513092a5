#include "common/auth/jwt/claims.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "common/auth/jwt/json_object.h"
#include "common/auth/jwt/jws.h"
#include "common/status/status_macros.h"

namespace kith::jwt {
namespace {

using nlohmann::json;

constexpr int kMostCharacters = 320;
// The last second of the year 9999.
constexpr uint64_t kLastSecond = 253'402'300'799;

// Nothing if there is no such claim.
absl::StatusOr<std::optional<absl::Time>> TimeClaim(const json& claims,
                                                    const char* name) {
  const auto it = claims.find(name);
  if (it == claims.end()) return std::optional<absl::Time>();
  // The parser takes what is negative for another type, and so it does a
  // fraction and what is beyond 64 bits.
  const auto* const seconds = it->get_ptr<const json::number_unsigned_t*>();
  if (seconds == nullptr || *seconds > kLastSecond) {
    return RefusedError("claims");
  }
  return absl::FromUnixSeconds(static_cast<int64_t>(*seconds));
}

// The texts of a list; RefusedError "claims" if one is none.
absl::StatusOr<std::vector<std::string>> TextsOf(const json& list) {
  std::vector<std::string> texts;
  for (const json& item : list) {
    const auto* const text = item.get_ptr<const std::string*>();
    if (text == nullptr) return RefusedError("claims");
    texts.push_back(*text);
  }
  return texts;
}

}  // namespace

absl::StatusOr<absl::Time> CheckTimes(const json& claims, absl::Time now) {
  KITH_ASSIGN_OR_RETURN(const auto exp, TimeClaim(claims, "exp"));
  KITH_ASSIGN_OR_RETURN(const auto nbf, TimeClaim(claims, "nbf"));
  KITH_ASSIGN_OR_RETURN(const auto iat, TimeClaim(claims, "iat"));
  if (!exp.has_value()) return RefusedError("claims");
  if (now >= *exp + kLeeway) return RefusedError("expired");
  for (const auto& from : {nbf, iat}) {
    if (from.has_value() && *from > now + kLeeway) {
      return RefusedError("not_yet_valid");
    }
  }
  return *exp;
}

absl::Status CheckAudience(const json& claims,
                           const absl::flat_hash_set<std::string>& audiences) {
  const auto it = claims.find("aud");
  if (it == claims.end()) return RefusedError("audience");
  const absl::StatusOr<std::vector<std::string>> named =
      TextsOf(it->is_array() ? *it : json::array({*it}));
  const bool ours = named.ok() && std::any_of(named->begin(), named->end(),
                                              [&](const std::string& name) {
                                                return audiences.contains(name);
                                              });
  return ours ? absl::OkStatus() : RefusedError("audience");
}

absl::StatusOr<std::string> NameClaim(const json& claims,
                                      const std::string& claim) {
  const std::string* const text = TextMember(claims, claim.c_str());
  if (text == nullptr || text->empty()) return RefusedError("claims");
  // The parser has seen that it is UTF-8: each character has one byte that does
  // not go on with another.
  const auto characters = std::count_if(
      text->begin(), text->end(), [](char c) { return (c & 0xC0) != 0x80; });
  if (characters > kMostCharacters ||
      std::any_of(text->begin(), text->end(), absl::ascii_iscntrl)) {
    return RefusedError("claims");
  }
  return *text;
}

absl::StatusOr<std::vector<std::string>> WordsClaim(const json& claims,
                                                    const std::string& claim) {
  const auto it = claims.find(claim);
  if (it == claims.end()) return std::vector<std::string>();
  if (it->is_array()) return TextsOf(*it);
  const auto* const text = it->get_ptr<const std::string*>();
  if (text == nullptr) return RefusedError("claims");
  return std::vector<std::string>(
      absl::StrSplit(*text, ' ', absl::SkipEmpty()));
}

}  // namespace kith::jwt
