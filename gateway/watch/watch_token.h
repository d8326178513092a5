#ifndef KITH_GATEWAY_WATCH_WATCH_TOKEN_H_
#define KITH_GATEWAY_WATCH_WATCH_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "gateway/watch/watch_hub.h"

namespace kith::gateway {

// Returns the token of WatchCustomer, which holds the positions in the feeds.
std::string MakeWatchToken(const FeedPositions& positions);

// Returns the positions of a token. INVALID_ARGUMENT if MakeWatchToken did not
// make it.
absl::StatusOr<FeedPositions> ReadWatchToken(const std::string& token);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_WATCH_TOKEN_H_
