#ifndef KITH_GATEWAY_FLOWS_REQUEST_ID_H_
#define KITH_GATEWAY_FLOWS_REQUEST_ID_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "common/base/sha256.h"
#include "common/base/uuid.h"

namespace kith::gateway {

// The caller's, or one of our own: a call is tried again where the service
// could not be reached, and must not take effect twice.
inline std::string RequestId(const std::string& given) {
  return given.empty() ? base::Uuid::Make(absl::Now()).ToString() : given;
}

// Repeats of a request that names its customers by values. When it came first a
// value may have meant somebody else than it does now, or nobody any more, as
// where it unlinks that very value. So the service knows the request by the
// caller's own words, not by the ids that were found for them, and is asked
// also where nobody is found: without ids it only answers a repeat.

// Passes on by what the service knows the request.
template <typename Request, typename Forwarded>
void PassRequestId(const Request& request, Forwarded& forwarded) {
  forwarded.set_request_id(RequestId(request.request_id()));
  if (request.request_id().empty()) return;
  forwarded.set_request_fingerprint(base::Fingerprint(request));
}

// Whether the service is to be asked, where looking for the customers came to
// `found`.
template <typename Request>
bool MayBeRepeat(const absl::Status& found, const Request& request) {
  return !request.request_id().empty() &&
         (absl::IsNotFound(found) || absl::IsFailedPrecondition(found) ||
          absl::IsInvalidArgument(found));
}

// What the caller hears, where the service failed with `answered`.
inline absl::Status FailureOf(const absl::Status& found,
                              const absl::Status& answered) {
  const bool no_repeat =
      absl::IsNotFound(answered) || absl::IsInvalidArgument(answered);
  return no_repeat && !found.ok() ? found : answered;
}

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_REQUEST_ID_H_
