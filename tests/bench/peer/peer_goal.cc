#include "tests/bench/peer/peer_goal.h"

#include "absl/strings/str_format.h"

namespace kith::bench {

PeerGoal GoalBesidePeer(bool one_process, int callers) {
  switch (callers) {
    case 1:
      return {.median = one_process ? 1.0 : 1.5};
    case 16:
      return {.rate = one_process ? 1.5 : 0.8};
    case 64:
      return {.rate = one_process ? 1.5 : 1.0};
    default:
      return {};
  }
}

std::string Judge(const PeerGoal& goal, const PeerGoal& reached) {
  if (goal.rate > 0) {
    return absl::StrFormat("throughput >= %.2f: %s", goal.rate,
                           reached.rate >= goal.rate ? "met" : "MISSED");
  }
  if (goal.median > 0) {
    return absl::StrFormat("p50 <= %.2f: %s", goal.median,
                           reached.median <= goal.median ? "met" : "MISSED");
  }
  return "";
}

}  // namespace kith::bench
