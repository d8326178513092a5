#include "gateway/watch/watch_token.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/api/page_token.h"
#include "common/api/violations.h"

namespace kith::gateway {
namespace {

constexpr char kBinding[] = "kith.gateway.v1.GatewayService.WatchCustomer";

}  // namespace

std::string MakeWatchToken(const FeedPositions& positions) {
  return api::MakePageToken(absl::StrJoin(positions, "."), kBinding);
}

absl::StatusOr<FeedPositions> ReadWatchToken(const std::string& token) {
  const absl::StatusOr<std::string> text = api::ReadPageToken(token, kBinding);
  FeedPositions positions = {};
  bool valid = text.ok();
  if (valid) {
    const std::vector<std::string> parts = absl::StrSplit(*text, '.');
    valid = parts.size() == kFeeds;
    for (size_t i = 0; valid && i < kFeeds; ++i) {
      valid = absl::SimpleAtoi(parts[i], &positions[i]);
    }
  }
  if (valid) return positions;
  api::Violations violations;
  violations.Add("token",
                 "not one that WatchCustomer has given; want that of a "
                 "message, or none to begin now");
  return violations.ToStatus();
}

}  // namespace kith::gateway
