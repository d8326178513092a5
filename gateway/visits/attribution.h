#ifndef KITH_GATEWAY_VISITS_ATTRIBUTION_H_
#define KITH_GATEWAY_VISITS_ATTRIBUTION_H_

#include <optional>
#include <vector>

#include "gateway/visits/page_address.h"
#include "kith/config/v1/config.pb.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::gateway {

// Where visitors come from. An attribution is one value, taken whole from one
// visit: what a visit does not say stays empty, and no other visit fills it in.
// "direct" and "organic" are values as all others. Pure functions.

// Returns the attribution of a visit by its first page, and by the page that
// linked there. touch_time is not set. The first of these that there is
// decides:
//
// 1. utm_source, utm_medium or utm_campaign.
// 2. The click id of an ad, such as gclid: "google", "cpc".
// 3. A parameter of the tenant that names an affiliate: "affiliate" as the
//    medium.
// 4. The page that linked there, if it is not of the tenant: a search engine
//    ("google", "organic"), a social network ("facebook", "social"), or another
//    site ("news.example.com", "referral").
// 5. None: "direct", "none".
//
// The affiliate is named beside 1 and 2 as well, as it is of the same visit.
contacts::v1::Attribution AttributionOf(
    const PageAddress& page, const std::optional<PageAddress>& referrer,
    const config::v1::VisitRules& rules);

// Returns true if the visit came from nowhere.
bool IsDirect(const contacts::v1::Attribution& attribution);

// Returns true if the attribution may be the last touch of a visitor: it is not
// direct, and not that of a site that the tenant has excluded.
bool CanBeLast(const contacts::v1::Attribution& attribution,
               const config::v1::VisitRules& rules);

// Returns the last touch of a visitor, as of the newest of some visits: the
// newest that may be one, else the newest that is direct, else the newest.
// `visits` are in the order of their times, the newest first, and not empty.
contacts::v1::Attribution LastTouch(
    const std::vector<contacts::v1::Attribution>& visits,
    const config::v1::VisitRules& rules);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VISITS_ATTRIBUTION_H_
