#include "gateway/watch_token.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/rpc/page_token.h"
#include "common/rpc/violations.h"

namespace kith::gateway {
namespace {

constexpr char kBinding[] = "kith.gateway.v1.GatewayService.WatchCustomer";

}  // namespace

std::string MakeWatchToken(const FeedPositions& positions) {
  return rpc::MakePageToken(absl::StrJoin(positions, "."), kBinding);
}

absl::StatusOr<FeedPositions> ReadWatchToken(const std::string& token) {
  const absl::StatusOr<std::string> text = rpc::ReadPageToken(token, kBinding);
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
  rpc::Violations violations;
  violations.Add("token",
                 "not one that WatchCustomer has given; want that of a "
                 "message, or none to begin now");
  return violations.ToStatus();
}

}  // namespace kith::gateway
