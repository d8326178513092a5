#ifndef KITH_GATEWAY_EDGE_SESSION_SEALED_SESSION_H_
#define KITH_GATEWAY_EDGE_SESSION_SEALED_SESSION_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gateway/edge/session/session_keys.h"

namespace kith::edge {

// The most bytes of a credential: sealed and in base64 it must fit into the
// 4,096 bytes that browsers keep of a cookie.
inline constexpr size_t kMaxSessionCredential = 2900;

// What the cookie of a session holds.
struct Session {
  // What the page would send after "Bearer ".
  std::string credential;
  // What each call that writes must send beside the cookie: 22 characters of
  // base64url, which pages of others cannot read.
  std::string csrf_token;
  // In whole seconds.
  absl::Time expire_time;
};

// Returns a session with a new random CSRF token.
Session MakeSession(absl::string_view credential, absl::Time expire_time);

// Returns the session as the value of a cookie, encrypted and authenticated by
// AES-256-GCM with the newest key and a random nonce: two seals of one session
// differ.
std::string Seal(const Session& session, const SessionKeys& keys);

// Returns the session of a cookie's value. Nothing if none of the keys has
// sealed it, it was changed, or it has ended at `now`.
std::optional<Session> Open(absl::string_view sealed, const SessionKeys& keys,
                            absl::Time now);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_SESSION_SEALED_SESSION_H_
