#include "gateway/links/unsubscribe_links.h"

#include <openssl/crypto.h>

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/jwt/base64url.h"
#include "common/base/sha256.h"

namespace kith::gateway {
namespace {

constexpr char kUse[] = "kith.unsubscribe.1";
constexpr char kVersion[] = "\x01";
constexpr size_t kVersionBytes = 1;

// Half of HMAC-SHA-256 (RFC 2104, section 5).
constexpr size_t kSignatureBytes = 16;

std::string Signature(const std::string& key, absl::string_view body) {
  return base::HmacSha256(key, absl::StrCat(kVersion, body))
      .substr(0, kSignatureBytes);
}

}  // namespace

UnsubscribeLinks::UnsubscribeLinks(std::string public_url, const LinkKeys& keys)
    : public_url_(std::move(public_url)), keys_(keys.For(kUse)) {}

std::string UnsubscribeLinks::Sign(
    const internal::v1::UnsubscribeLinkBody& body) const {
  const std::string bytes = body.SerializeAsString();
  return absl::WebSafeBase64Escape(
      absl::StrCat(kVersion, Signature(keys_.front(), bytes), bytes));
}

std::optional<internal::v1::UnsubscribeLinkBody> UnsubscribeLinks::Open(
    absl::string_view token) const {
  const std::optional<std::string> bytes = jwt::DecodeBase64Url(token);
  constexpr size_t kHeadBytes = kVersionBytes + kSignatureBytes;
  if (!bytes.has_value() || bytes->size() <= kHeadBytes ||
      !absl::StartsWith(*bytes, kVersion)) {
    return std::nullopt;
  }
  const std::string given = bytes->substr(kVersionBytes, kSignatureBytes);
  const std::string text = bytes->substr(kHeadBytes);
  for (const std::string& key : keys_) {
    const std::string wanted = Signature(key, text);
    if (CRYPTO_memcmp(given.data(), wanted.data(), kSignatureBytes) != 0) {
      continue;
    }
    internal::v1::UnsubscribeLinkBody body;
    if (!body.ParseFromString(text)) return std::nullopt;
    return body;
  }
  return std::nullopt;
}

std::string UnsubscribeLinks::UriOf(absl::string_view token) const {
  return absl::StrCat(public_url_, kUnsubscribePath, token);
}

}  // namespace kith::gateway
