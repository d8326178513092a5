#ifndef KITH_COMMON_API_TOO_BUSY_H_
#define KITH_COMMON_API_TOO_BUSY_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kith::api {

// Returns RESOURCE_EXHAUSTED with a google.rpc.RetryInfo, which gives the time
// after which the caller may try again. The default is 100 ms: what is full
// empties within that time, or not at all.
absl::Status TooBusyError(absl::string_view message,
                          absl::Duration retry_after = absl::Milliseconds(100));

// Returns true if the status is one that TooBusyError returns, here or in
// another service.
bool IsTooBusy(const absl::Status& status);

}  // namespace kith::api

#endif  // KITH_COMMON_API_TOO_BUSY_H_
