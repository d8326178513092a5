#ifndef KITH_GATEWAY_VISITS_VISITOR_COOKIE_H_
#define KITH_GATEWAY_VISITS_VISITOR_COOKIE_H_

#include <string>

#include "gateway/edge/codecs/metadata.h"
#include "kith/config/v1/config.pb.h"
#include "kith/internal/v1/visits.pb.h"

namespace kith::gateway {

// Whose a visit is, by the cookie of the visitor.
struct VisitorId {
  // The value of the cookie; else the id of the visit, which then is that of a
  // visitor of its own.
  std::string visitor = {};
  // The Set-Cookie of the reply; empty if the cookie stays as it is.
  std::string set_cookie = {};
};

// Returns whose visit a beacon tells of. `headers` are those of its request.
//
// - Without a cookie the visit is that of a new visitor, whose id is that of
//   the visit. So beacons that pass each other name the same visitor, and a
//   cookie that the browser refuses costs nothing but the next visit.
// - The cookie lasts 13 months from the first visit, and is never prolonged.
// - With Global Privacy Control (by the script or the header Sec-GPC), or if
//   the page or the tenant wants none, there is no cookie, and an older one is
//   neither read nor kept.
// - A page of another site gets none for its visitor.
VisitorId VisitorOf(const edge::Headers& headers,
                    const internal::v1::VisitBeacon& beacon,
                    const config::v1::VisitRules& rules);

// Returns true if the visitor has asked for Global Privacy Control.
bool WantsPrivacy(const edge::Headers& headers,
                  const internal::v1::VisitBeacon& beacon);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VISITS_VISITOR_COOKIE_H_
