#ifndef KITH_GATEWAY_WATCH_WATCH_TOKEN_H_
#define KITH_GATEWAY_WATCH_WATCH_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "gateway/watch/watch_hub.h"

namespace kith::gateway {

// The token of WatchCustomer: how far the changes of the feeds were told.
std::string MakeWatchToken(const FeedPositions& positions);

// INVALID_ARGUMENT where the token was not made so.
absl::StatusOr<FeedPositions> ReadWatchToken(const std::string& token);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_WATCH_TOKEN_H_
