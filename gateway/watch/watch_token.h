#ifndef KITH_GATEWAY_WATCH_WATCH_TOKEN_H_
#define KITH_GATEWAY_WATCH_WATCH_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "gateway/watch/watch_hub.h"

namespace kith::gateway {

// Returns the token of WatchCustomer, which holds the positions in the feeds.
std::string MakeWatchToken(uint64_t tenant_id, const FeedPositions& positions);

// Returns the positions of a token. INVALID_ARGUMENT if MakeWatchToken did not
// make it for this tenant.
absl::StatusOr<FeedPositions> ReadWatchToken(uint64_t tenant_id,
                                             const std::string& token);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_WATCH_TOKEN_H_
