#ifndef KITH_GATEWAY_EDGE_SESSION_COOKIES_H_
#define KITH_GATEWAY_EDGE_SESSION_COOKIES_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gateway/edge/codecs/metadata.h"

namespace kith::edge {

// Returns the value of a cookie (RFC 6265, section 4.2). Nothing if there is
// none of this name, its value has other characters than those of base64url, or
// there are two: a page of another host of the domain may have set one of them.
std::optional<std::string> FindCookie(const Headers& headers,
                                      absl::string_view name);

// Returns the Set-Cookie of a cookie for all paths of this host alone, which
// scripts cannot read and which browsers send from pages of the same site only.
// `max_age` is in whole seconds; 0 clears the cookie. A secure one is sent by
// HTTPS only, and has a name that begins with "__Host-".
std::string SetCookie(absl::string_view name, absl::string_view value,
                      absl::Duration max_age, bool secure);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_SESSION_COOKIES_H_
