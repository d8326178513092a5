#include "gateway/actions/lease_dispute.h"

namespace kith::gateway {
namespace {

// 20, 40 and 80 ms for who has just come; once more, and 160 ms, for who was
// there before, so that the other has given back by then.
constexpr int kTriesOfNew = 3;
constexpr int kTriesOfHeld = 4;
constexpr absl::Duration kFirstPause = absl::Milliseconds(20);

}  // namespace

DisputeEnd Decide(const LeaseDispute& dispute) {
  // Whom nobody is seen to hold may be free by now.
  const bool is_least = dispute.least_other_id.empty() ||
                        dispute.least_own_id < dispute.least_other_id;
  if (!dispute.held_before && !is_least) return DisputeEnd::kGiveBack;
  const int most = dispute.held_before ? kTriesOfHeld : kTriesOfNew;
  if (dispute.tries < most) return DisputeEnd::kTryAgain;
  return dispute.held_before && is_least ? DisputeEnd::kKeep
                                         : DisputeEnd::kGiveBack;
}

absl::Duration PauseBeforeTry(int tries) { return kFirstPause * (1 << tries); }

}  // namespace kith::gateway
