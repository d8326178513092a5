// Cookies and sealed sessions (gateway/edge/session). The input is a Cookie
// header, the value of a cookie, or a file of session keys.

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/auth/key_lines.h"
#include "gateway/edge/session/cookies.h"
#include "gateway/edge/session/sealed_session.h"
#include "gateway/edge/session/session_keys.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

constexpr char kCookie[] = "__Host-kith";
constexpr char kCookieCharacters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const absl::Time kSessionNow = absl::FromUnixSeconds(1'800'000'000);

const edge::SessionKeys& CookieKeys() {
  static const auto& keys =
      *new edge::SessionKeys{std::string(32, 'n'), std::string(32, 'o')};
  return keys;
}

void CheckCookie(absl::string_view header) {
  const auto value =
      edge::FindCookie({{"cookie", std::string(header)}}, kCookie);
  if (!value.has_value()) return;
  Require(!value->empty() &&
              value->find_first_not_of(kCookieCharacters) == std::string::npos,
          "a value is base64url");
  Require(!edge::FindCookie({{"cookie", std::string(header)},
                             {"cookie", absl::StrCat(kCookie, "=x")}},
                            kCookie)
               .has_value(),
          "a cookie that is there twice is none");
  Require(!edge::Open(*value, CookieKeys(), kSessionNow).has_value(),
          "a forged cookie opens nothing");
  const std::string set =
      edge::SetCookie(kCookie, *value, absl::Hours(8), /*secure=*/true);
  Require(edge::FindCookie({{"cookie", set}}, kCookie) == value,
          "a cookie that is set is found");
}

void CheckSealing(absl::string_view credential) {
  if (credential.empty() || credential.size() > edge::kMaxSessionCredential) {
    return;
  }
  const edge::Session session =
      edge::MakeSession(credential, kSessionNow + absl::Hours(8));
  const std::string sealed = edge::Seal(session, CookieKeys());
  Require(sealed.size() + sizeof(kCookie) <= 4096 &&
              sealed.find_first_not_of(kCookieCharacters) == std::string::npos,
          "a sealed session is a cookie");
  const auto opened = edge::Open(sealed, CookieKeys(), kSessionNow);
  Require(opened.has_value() && opened->credential == credential &&
              opened->csrf_token == session.csrf_token &&
              opened->expire_time == session.expire_time,
          "a sealed session opens");
  Require(!edge::Open(sealed, CookieKeys(), session.expire_time).has_value(),
          "a session that has ended does not open");
  Require(!edge::Open(sealed, {CookieKeys()[1]}, kSessionNow).has_value(),
          "another key opens nothing");
  std::string changed = sealed;
  char& at = changed[(credential.size() * 31 +
                      static_cast<unsigned char>(credential[0])) %
                     sealed.size()];
  at = at == 'A' ? 'B' : 'A';
  Require(!edge::Open(changed, CookieKeys(), kSessionNow).has_value(),
          "a session that was changed does not open");
}

void CheckKeysFile(absl::string_view text) {
  const auto keys = auth::ParseKeyLines(text);
  if (!keys.ok()) {
    Require(absl::IsInvalidArgument(keys.status()), "one code for faults");
    return;
  }
  Require(!keys->empty() && keys->size() <= 8, "1 to 8 keys");
  for (const std::string& key : *keys) {
    Require(
        key.size() == 32 && std::count(keys->begin(), keys->end(), key) == 1,
        "each key has 32 bytes and is there once");
  }
}

}  // namespace

void FuzzSession(absl::string_view input) {
  CheckCookie(input);
  CheckCookie(absl::StrCat(kCookie, "=", input));
  Require(!edge::Open(input, CookieKeys(), kSessionNow).has_value(),
          "what nobody has sealed does not open");
  CheckSealing(input);
  CheckKeysFile(input);
}

}  // namespace kith::fuzz
