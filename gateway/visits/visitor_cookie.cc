#include "gateway/visits/visitor_cookie.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gateway/edge/session/cookies.h"
#include "gateway/visits/visit_origin.h"

namespace kith::gateway {
namespace {

// The prefix has browsers take it for this very host alone, by HTTPS.
constexpr char kVisitorCookie[] = "__Host-kith_visitor";

// 13 months, each of the longest year.
constexpr int64_t kCookieSeconds = int64_t{396} * 24 * 60 * 60;

// Lax, so that who follows a link from elsewhere is known.
std::string LaxCookie(absl::string_view value, int64_t seconds) {
  return absl::StrCat(kVisitorCookie, "=", value, "; Path=/; Max-Age=", seconds,
                      "; Secure; HttpOnly; SameSite=Lax");
}

bool IsOfOtherSite(const edge::Headers& headers) {
  const absl::string_view site = edge::FindHeader(headers, "sec-fetch-site");
  return !site.empty() && site != "same-origin";
}

}  // namespace

bool WantsPrivacy(const edge::Headers& headers,
                  const internal::v1::VisitBeacon& beacon) {
  return beacon.gpc() || edge::FindHeader(headers, "sec-gpc") == "1";
}

VisitorId VisitorOf(const edge::Headers& headers,
                    const internal::v1::VisitBeacon& beacon,
                    const config::v1::VisitRules& rules) {
  const auto known = edge::FindCookie(headers, kVisitorCookie);
  if (rules.no_cookies() || beacon.no_cookie() ||
      WantsPrivacy(headers, beacon)) {
    return {.visitor = beacon.visit(),
            .set_cookie = known.has_value() ? LaxCookie("", 0) : ""};
  }
  if (known.has_value() && IsVisitId(*known)) return {.visitor = *known};
  if (IsOfOtherSite(headers)) return {.visitor = beacon.visit()};
  return {.visitor = beacon.visit(),
          .set_cookie = LaxCookie(beacon.visit(), kCookieSeconds)};
}

}  // namespace kith::gateway
