#ifndef KITH_GATEWAY_EDGE_SESSION_SESSIONS_H_
#define KITH_GATEWAY_EDGE_SESSION_SESSIONS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/live_keys.h"
#include "gateway/edge/http/exchange.h"
#include "gateway/edge/session/sealed_session.h"
#include "gateway/edge/session/session_keys.h"

namespace kith::edge {

// Sessions of pages that this gateway or its proxy serves. The cookie holds the
// credential itself, sealed, so that no replica keeps anything, and each call
// is authenticated as if the page had sent it: a key or person that is taken
// away is out at once. A cookie that somebody has copied cannot be called back
// before its end, other than with the credential or the session key.
// Thread-safe.
class Sessions {
 public:
  // The longest time that a session lasts.
  static constexpr absl::Duration kLongest = absl::Hours(8);

  static constexpr char kPath[] = "/v1/session";

  // Cookies are `secure`, sent by HTTPS alone, unless the gateway is reached on
  // this machine without TLS.
  Sessions(std::shared_ptr<const auth::LiveKeys> credentials,
           std::shared_ptr<const LiveSessionKeys> keys, bool secure);

  // Answers a request to kPath, which must come from a page of this origin or
  // from no page at all, else PERMISSION_DENIED.
  //
  // - POST with a credential in `authorization` begins a session of 8 hours, or
  //   until the token ends if that is sooner. UNAUTHENTICATED without a valid
  //   credential, INVALID_ARGUMENT if it is too long for a cookie.
  // - GET returns the same as POST for the session of the request, for a page
  //   that is loaded again. UNAUTHENTICATED if there is none.
  // - DELETE has the browser forget the cookie. OK also if there is none.
  // - Any other method: UNIMPLEMENTED.
  absl::StatusOr<Reply> Answer(const RequestHead& request,
                               absl::Time now) const;

  // Gives a request the authorization that its cookie stands for. Does nothing
  // if the request has an authorization of its own, or no session that lasts;
  // the gate then decides. PERMISSION_DENIED if a page of another origin sends
  // the cookie, or if the method is not GET or HEAD and `x-csrf-token` is not
  // that of the session.
  absl::Status Enter(RequestHead& request, absl::Time now) const;

 private:
  absl::StatusOr<Reply> Begin(const RequestHead& request, absl::Time now) const;
  std::optional<Session> Find(const RequestHead& request, absl::Time now) const;
  // What a page learns of its session.
  static Reply Describe(const Session& session);

  const std::shared_ptr<const auth::LiveKeys> credentials_;
  const std::shared_ptr<const LiveSessionKeys> keys_;
  const bool secure_;
  const std::string cookie_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_SESSION_SESSIONS_H_
