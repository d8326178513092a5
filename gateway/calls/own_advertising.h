#ifndef KITH_GATEWAY_CALLS_OWN_ADVERTISING_H_
#define KITH_GATEWAY_CALLS_OWN_ADVERTISING_H_

#include "absl/algorithm/container.h"
#include "kith/interactions/v1/action.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {

// Returns true for advertising: an AD, or an OUTBOUND interaction for
// MARKETING.
inline bool IsAdvertisement(const interactions::v1::Interaction& interaction) {
  return interaction.kind() == interactions::v1::KIND_AD ||
         (interaction.direction() == interactions::v1::DIRECTION_OUTBOUND &&
          interaction.purpose() == interactions::v1::PURPOSE_MARKETING);
}

// Returns true for requests that record advertising which no source reports.
// interactions-svc takes these from the gateway alone, which has asked for the
// customer's consent.
template <typename Request>
bool HasOwnAdvertising(const Request& /*request*/) {
  return false;
}
inline bool HasOwnAdvertising(
    const interactions::v1::BatchRecordInteractionsRequest& request) {
  return absl::c_any_of(request.requests(), [](const auto& each) {
    return IsAdvertisement(each.interaction()) &&
           each.interaction().source().empty();
  });
}
inline bool HasOwnAdvertising(
    const interactions::v1::CompleteActionsRequest& request) {
  return IsAdvertisement(request.interaction()) &&
         request.interaction().source().empty();
}

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_OWN_ADVERTISING_H_
