#ifndef KITH_GATEWAY_SHARING_MAY_BE_H_
#define KITH_GATEWAY_SHARING_MAY_BE_H_

#include "absl/status/status.h"
#include "gateway/sharing/shared_values.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "kith/internal/v1/encoded.pb.h"

namespace kith::gateway {

// As many interactions as a view shows of those that may be of its customer.
inline constexpr int kMaxMayBe = 20;

// Adds the interactions of stand-ins that may be of a customer to
// `view.may_be`: those of the time in which the customer shares the value.
// `identities` are the customer's, `newest` the newest interactions of
// StandInsOf(identities), newest first. OUT_OF_RANGE if there may be older
// ones that are not shown. A pure function.
absl::Status AddMayBe(const IdentityList& identities,
                      const internal::v1::EncodedActivity::Result& newest,
                      v1::CustomerView& view);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_SHARING_MAY_BE_H_
