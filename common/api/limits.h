#ifndef KITH_COMMON_API_LIMITS_H_
#define KITH_COMMON_API_LIMITS_H_

#include <cstddef>

namespace kith::api {

// Limits that the gateway and a service both keep: the service refuses what is
// beyond them, and the gateway refuses it earlier or splits it into several
// calls. A limit that one process keeps alone stands where it is checked.

// Most items of a Batch* call to a service, and most ids, values or sets in
// one.
inline constexpr int kMaxItemsPerCall = 500;

// Most identities in one page of ListIdentities.
inline constexpr int kMaxIdentitiesPerPage = 500;

// Most identities in one touch, and most values in one claim.
inline constexpr int kMaxIdentitiesPerTouch = 20;

// Most contacts that one merge absorbs.
inline constexpr int kMaxAbsorbedPerMerge = 100;

// Most attributes of a contact or an interaction.
inline constexpr int kMaxAttributes = 64;

// Most members of one group.
inline constexpr int kMaxGroupSize = 10'000;

}  // namespace kith::api

#endif  // KITH_COMMON_API_LIMITS_H_
