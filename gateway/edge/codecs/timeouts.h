#ifndef KITH_GATEWAY_EDGE_CODECS_TIMEOUTS_H_
#define KITH_GATEWAY_EDGE_CODECS_TIMEOUTS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::edge {

// Reads the header connect-timeout-ms: 1 to 10 digits, in milliseconds.
// INVALID_ARGUMENT if it is anything else.
absl::StatusOr<absl::Duration> ParseConnectTimeout(absl::string_view text);

// Reads the header grpc-timeout: 1 to 8 digits and a unit, one of H, M, S, m, u
// and n. INVALID_ARGUMENT if it is anything else.
absl::StatusOr<absl::Duration> ParseGrpcTimeout(absl::string_view text);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_TIMEOUTS_H_
