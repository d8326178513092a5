#ifndef KITH_COMMON_AUTH_JWT_BASE64URL_H_
#define KITH_COMMON_AUTH_JWT_BASE64URL_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace kith::jwt {

// Returns the bytes of base64url without padding (RFC 7515, section 2). Nothing
// if `text` has any other character, padding, an impossible length, or bits
// after the last byte that are not 0: each value has one form only.
std::optional<std::string> DecodeBase64Url(absl::string_view text);

}  // namespace kith::jwt

#endif  // KITH_COMMON_AUTH_JWT_BASE64URL_H_
