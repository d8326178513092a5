#ifndef KITH_GATEWAY_FLOWS_REQUEST_ID_H_
#define KITH_GATEWAY_FLOWS_REQUEST_ID_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "common/base/sha256.h"
#include "common/base/uuid.h"

namespace kith::gateway {

// Returns the caller's request_id, or a new one: the gateway retries a call if
// the service could not be reached, and the call must not take effect twice.
inline std::string RequestId(const std::string& given) {
  return given.empty() ? base::Uuid::Make(absl::Now()).ToString() : given;
}

// Retries of requests that name a customer by a channel value. Between attempts
// the value may have moved to another contact or to none; the request itself
// may have unlinked it. So the service identifies a retry by the fingerprint of
// the caller's own request, not by the resolved ids, and is asked even if no
// contact was found: without ids it can only return the first answer again.

// Sets request_id, and the fingerprint by which the service identifies a retry,
// in the request to the service.
template <typename Request, typename Forwarded>
void PassRequestId(const Request& request, Forwarded& forwarded) {
  forwarded.set_request_id(RequestId(request.request_id()));
  if (request.request_id().empty()) return;
  forwarded.mutable_forwarded()->set_fingerprint(base::Fingerprint(request));
}

// Returns true if the service must be asked although the customers were not
// found: `found` is the error, and the request may be a retry.
template <typename Request>
bool MayBeRepeat(const absl::Status& found, const Request& request) {
  return !request.request_id().empty() &&
         (absl::IsNotFound(found) || absl::IsFailedPrecondition(found) ||
          absl::IsInvalidArgument(found));
}

// Returns the error for the caller: `found`, the result of finding the
// customers, if the service did not know the request either; else `answered`,
// the service's status.
inline absl::Status FailureOf(const absl::Status& found,
                              const absl::Status& answered) {
  const bool no_repeat =
      absl::IsNotFound(answered) || absl::IsInvalidArgument(answered);
  return no_repeat && !found.ok() ? found : answered;
}

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_REQUEST_ID_H_
