#include "gateway/watch/watch_token.h"

#include "common/api/feed_position.h"
#include "common/api/page_token.h"
#include "common/api/violations.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::gateway {
namespace {

using Tokens = api::PageTokens<internal::v1::FeedPositions>;

Tokens TokensOf(uint64_t tenant_id) {
  return Tokens("WatchCustomer/", tenant_id);
}

}  // namespace

std::string MakeWatchToken(uint64_t tenant_id, const FeedPositions& positions) {
  internal::v1::FeedPositions message;
  for (const api::FeedPosition& position : positions) {
    api::AddPosition(position, message);
  }
  return TokensOf(tenant_id).Make(message);
}

absl::StatusOr<FeedPositions> ReadWatchToken(uint64_t tenant_id,
                                             const std::string& token) {
  const auto message = TokensOf(tenant_id).Read(token);
  if (message.ok() && message->sequences_size() == kFeeds) {
    FeedPositions positions = {};
    for (size_t i = 0; i < kFeeds; ++i) {
      positions[i] = api::PositionAt(*message, static_cast<int>(i));
    }
    return positions;
  }
  api::Violations violations;
  violations.Add("resume_token",
                 "not one that WatchCustomer has given; want that of a "
                 "message, or none to begin now");
  return violations.ToStatus();
}

}  // namespace kith::gateway
