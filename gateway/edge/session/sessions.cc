#include "gateway/edge/session/sessions.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "gateway/edge/session/cookies.h"

namespace kith::edge {
namespace {

constexpr char kAuthorization[] = "authorization";
constexpr char kCsrfHeader[] = "x-csrf-token";

// Whether a page of this very origin has made the request, or no page at all.
// Browsers that do not send Sec-Fetch-Site send Origin where it matters.
bool IsSameOrigin(const Headers& headers) {
  const absl::string_view site = FindHeader(headers, "sec-fetch-site");
  // "none" is an address that a person has typed.
  if (!site.empty()) return site == "same-origin" || site == "none";
  const absl::string_view origin = FindHeader(headers, "origin");
  if (origin.empty()) return true;
  const size_t scheme = origin.find("://");
  // A proxy may have ended TLS, so the scheme is not compared.
  return scheme != absl::string_view::npos &&
         absl::EqualsIgnoreCase(origin.substr(scheme + 3),
                                FindHeader(headers, "host"));
}

absl::Status AnotherOriginError() {
  return absl::PermissionDeniedError(
      "a session is for pages of the same origin: want Sec-Fetch-Site "
      "\"same-origin\", or an Origin that is the Host");
}

bool IsEqual(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() &&
         CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

Sessions::Sessions(std::shared_ptr<const auth::LiveKeys> credentials,
                   std::shared_ptr<const LiveSessionKeys> keys, bool secure)
    : credentials_(std::move(credentials)),
      keys_(std::move(keys)),
      secure_(secure),
      cookie_(secure ? "__Host-kith_session" : "kith_session") {}

absl::StatusOr<Reply> Sessions::Answer(const RequestHead& request,
                                       absl::Time now) const {
  if (!IsSameOrigin(request.headers)) return AnotherOriginError();
  if (request.method == "POST") return Begin(request, now);
  if (request.method == "DELETE") {
    Reply reply;
    reply.headers = {
        {"content-type", "application/json"},
        {"set-cookie", SetCookie(cookie_, "", absl::ZeroDuration(), secure_)}};
    reply.body = "{}";
    return reply;
  }
  if (request.method != "GET") {
    return absl::UnimplementedError("want POST, GET or DELETE");
  }
  const std::optional<Session> session = Find(request, now);
  if (!session.has_value()) {
    return absl::UnauthenticatedError(
        "no session, or one that has ended; want POST /v1/session with a "
        "credential");
  }
  return Describe(*session);
}

absl::StatusOr<Reply> Sessions::Begin(const RequestHead& request,
                                      absl::Time now) const {
  const absl::string_view authorization =
      FindHeader(request.headers, kAuthorization);
  KITH_ASSIGN_OR_RETURN(const auto principal,
                        credentials_->keys()->Authenticate(authorization));
  const absl::string_view credential =
      authorization.substr(authorization.find(' ') + 1);
  if (credential.size() > kMaxSessionCredential) {
    return absl::InvalidArgumentError(absl::StrCat(
        "authorization: ", credential.size(), " bytes, want at most ",
        kMaxSessionCredential, " for a session"));
  }
  const absl::Time end = std::min(now + kLongest, principal->expire_time);
  const Session session = MakeSession(credential, end);
  if (session.expire_time <= now) {
    return absl::UnauthenticatedError("the token has ended, want a new one");
  }
  Reply reply = Describe(session);
  reply.headers.emplace_back("set-cookie",
                             SetCookie(cookie_, Seal(session, *keys_->keys()),
                                       session.expire_time - now, secure_));
  return reply;
}

std::optional<Session> Sessions::Find(const RequestHead& request,
                                      absl::Time now) const {
  const auto cookie = FindCookie(request.headers, cookie_);
  if (!cookie.has_value()) return std::nullopt;
  return Open(*cookie, *keys_->keys(), now);
}

Reply Sessions::Describe(const Session& session) {
  const nlohmann::json body = {
      {"csrfToken", session.csrf_token},
      {"expireTime", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", session.expire_time,
                                      absl::UTCTimeZone())}};
  Reply reply;
  reply.headers = {{"content-type", "application/json"}};
  reply.body = body.dump();
  return reply;
}

absl::Status Sessions::Enter(RequestHead& request, absl::Time now) const {
  if (!FindHeader(request.headers, kAuthorization).empty()) {
    return absl::OkStatus();
  }
  const std::optional<Session> session = Find(request, now);
  if (!session.has_value()) return absl::OkStatus();
  if (!IsSameOrigin(request.headers)) return AnotherOriginError();
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads &&
      !IsEqual(FindHeader(request.headers, kCsrfHeader), session->csrf_token)) {
    return absl::PermissionDeniedError(
        "x-csrf-token: not that of the session, want the csrfToken of "
        "/v1/session");
  }
  std::erase_if(request.headers,
                [](const auto& header) { return header.first == kCsrfHeader; });
  request.headers.emplace_back(kAuthorization,
                               absl::StrCat("Bearer ", session->credential));
  return absl::OkStatus();
}

}  // namespace kith::edge
