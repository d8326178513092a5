#ifndef KITH_GATEWAY_VISITS_BEACON_H_
#define KITH_GATEWAY_VISITS_BEACON_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kith/internal/v1/visits.pb.h"

namespace kith::gateway {

// The most bytes of a beacon: three addresses of 8,192 characters, and room for
// the rest. Browsers send at most 64 KiB by sendBeacon.
inline constexpr size_t kMaxBeaconBytes = 32 << 10;

// Reads what the script has sent: JSON of a VisitBeacon, whose other fields are
// ignored. INVALID_ARGUMENT if it is none, or a field is out of its range. The
// message names the field alone, as anybody may have sent its value.
absl::StatusOr<internal::v1::VisitBeacon> ReadBeacon(absl::string_view body);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_VISITS_BEACON_H_
