#ifndef KITH_GATEWAY_REQUEST_ID_H_
#define KITH_GATEWAY_REQUEST_ID_H_

#include <string>

#include "absl/time/clock.h"
#include "common/ops/uuid.h"

namespace kith::gateway {

// The caller's, or one of our own: a call is tried again where the service
// could not be reached, and must not take effect twice.
inline std::string RequestId(const std::string& given) {
  return given.empty() ? ops::Uuid::Make(absl::Now()).ToString() : given;
}

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_REQUEST_ID_H_
