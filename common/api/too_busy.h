#ifndef KITH_COMMON_API_TOO_BUSY_H_
#define KITH_COMMON_API_TOO_BUSY_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::api {

// RESOURCE_EXHAUSTED, with a google.rpc.RetryInfo that tells the caller when to
// come again. What is full empties within a tenth of a second, or not at all.
absl::Status TooBusy(absl::string_view message,
                     absl::Duration retry_after = absl::Milliseconds(100));

}  // namespace kith::api

#endif  // KITH_COMMON_API_TOO_BUSY_H_
