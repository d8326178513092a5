#ifndef KITH_GATEWAY_VISITS_VISIT_FACTS_H_
#define KITH_GATEWAY_VISITS_VISIT_FACTS_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "gateway/edge/codecs/metadata.h"
#include "gateway/visits/user_agent.h"
#include "kith/config/v1/config.pb.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/internal/v1/visits.pb.h"

namespace kith::gateway {

// What is kept of a visit. It has neither the address of the visitor nor the
// user agent.
struct VisitFacts {
  internal::v1::VisitBeacon beacon = {};
  // The value of the visitor's identity (VISITOR).
  std::string visitor = {};
  // When the visit began, at most 24 hours before the beacon.
  absl::Time begun = absl::UnixEpoch();
  // Where the visit came from, at that time.
  contacts::v1::Attribution attribution = {};
  Verdict verdict = {};
  // "phone", "tablet", "desktop" or "other".
  std::string device = {};
  // ISO 3166, two capital letters, as a proxy says it; may be empty.
  std::string country = {};
  // The first click id of an ad, as "gclid=value"; may be empty.
  std::string click_id = {};
  bool wants_privacy = false;
};

// Returns the facts of a beacon that came at `now`, from a visitor as
// VisitorOf says. Nothing if its page has no address, or is not of the tenant.
std::optional<VisitFacts> FactsOf(const internal::v1::VisitBeacon& beacon,
                                  const std::string& visitor,
                                  const edge::Headers& headers,
                                  const config::v1::VisitRules& rules,
                                  absl::Time now);

// Returns the touch that records a visit: one interaction, which each later
// beacon of the visit corrects. `first` and `last` are the first and the last
// touch of the visitor, as of this visit.
v1::RecordTouchRequest VisitTouch(const VisitFacts& facts,
                                  const contacts::v1::Attribution& first,
                                  const contacts::v1::Attribution& last);

// Returns where an earlier visit came from, by its interaction. Nothing if the
// interaction is no visit of a human.
std::optional<contacts::v1::Attribution> AttributionOfVisit(
    const interactions::v1::Interaction& interaction);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VISITS_VISIT_FACTS_H_
