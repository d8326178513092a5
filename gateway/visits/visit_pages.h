#ifndef KITH_GATEWAY_VISITS_VISIT_PAGES_H_
#define KITH_GATEWAY_VISITS_VISIT_PAGES_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/live_keys.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/edge/codecs/client_address.h"
#include "gateway/edge/http/exchange.h"
#include "gateway/edge/pages/guest_pages.h"
#include "gateway/edge/pages/pages.h"
#include "gateway/edge/pages/token_buckets.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/flows/permission_flow.h"
#include "gateway/flows/touch_flow.h"
#include "gateway/visits/beacon.h"
#include "gateway/visits/visit_flow.h"
#include "gateway/visits/visit_places.h"
#include "kith/config/v1/config.pb.h"

namespace kith::gateway {

// The script of visits, and what it sends: /k/SLUG/visit.js and /k/SLUG/visit,
// where SLUG is that of a tenant that has visits. Thread-safe.
//
// - A beacon is a POST of text/plain, which any page may send without asking:
//   so its Origin must be one of the tenant's, and it is UNAUTHENTICATED.
// - 200 with the id of the visitor, in plain text, once the visit is recorded.
//   A repeat is answered the same.
// - 404 if there is no such tenant, or it has no visits; 403 for another
//   origin; 415 for another type; 400 for what is no beacon; 429 with
//   Retry-After where too many come at once, or from one address; 503 if it
//   could not be recorded.
class VisitPages final : public edge::GuestPages {
 public:
  // `backends` and `clock` must outlive the pages.
  VisitPages(const Backends& backends, const base::Clock& clock,
             std::shared_ptr<const auth::LiveKeys> keys,
             edge::TrustedProxies proxies);

  absl::string_view RouteOf(absl::string_view path) const override;

  // Browsers say the length of a beacon.
  bool TakesBody(absl::string_view /*path*/) const override { return false; }

  size_t MostBodyBytes(absl::string_view /*path*/) const override {
    return kMaxBeaconBytes;
  }

  std::shared_ptr<edge::Exchange> Answer(
      const edge::Request& request, absl::string_view path,
      base::RequestContext trace, edge::Handler::Done done) const override;

 private:
  // The tenant of a path, if it has visits; else null.
  std::shared_ptr<const config::v1::Tenant> FindTenant(
      absl::string_view path) const;

  // Counts a beacon of an address. Returns how long it is to wait.
  absl::Duration TakeOfAddress(const edge::RequestHead& head,
                               uint64_t tenant_id) const;

  // Answers a beacon.
  std::shared_ptr<edge::Exchange> AnswerBeacon(const edge::Request& request,
                                               const config::v1::Tenant& tenant,
                                               base::RequestContext trace,
                                               edge::Handler::Done done) const;

  const base::Clock& clock_;
  const edge::TrustedProxies proxies_;
  const std::shared_ptr<const auth::LiveKeys> keys_;
  const CustomerFlow customers_;
  const PermissionFlow permissions_;
  const TouchFlow touches_;
  const VisitFlow visits_;
  edge::Pages scripts_;
  mutable edge::TokenBuckets addresses_;
  // The last member, as it waits for who uses the others.
  mutable VisitPlaces places_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VISITS_VISIT_PAGES_H_
