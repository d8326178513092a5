#ifndef KITH_GATEWAY_ACTIONS_LEASE_DISPUTE_H_
#define KITH_GATEWAY_ACTIONS_LEASE_DISPUTE_H_

#include <string>

#include "absl/time/time.h"

namespace kith::gateway {

// Two agents have each leased a part of one customer. Neither asks the other:
// each decides alone, by a rule that leaves the customer to one of them, and
// both tell the same from what they see.
struct LeaseDispute {
  // The agent had leased a part before the call that is under way.
  bool held_before = false;
  // Of what the agent has leased, and of what others have; empty if nobody is
  // seen to have any.
  std::string least_own_id = {};
  std::string least_other_id = {};
  // How often the rest was tried again.
  int tries = 0;
};

enum class DisputeEnd {
  // Not yet: the other may give back.
  kTryAgain,
  // The agent keeps its part, and is answered the customer.
  kKeep,
  // The agent gives back all of the customer.
  kGiveBack,
};

// Who was there before outlasts who has just come, who gives way at once but to
// the one with the least id. Of two who were there before, the least id keeps.
// A pure function.
DisputeEnd Decide(const LeaseDispute& dispute);

// Returns the time to wait before trying for the time `tries + 1`. A pure
// function.
absl::Duration PauseBeforeTry(int tries);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_ACTIONS_LEASE_DISPUTE_H_
