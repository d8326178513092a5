#ifndef KITH_TESTS_BENCH_HOOKS_LEAD_BURST_H_
#define KITH_TESTS_BENCH_HOOKS_LEAD_BURST_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/histogram.h"
#include "tests/bench/targets.h"

namespace kith::bench {

// Ten days of the leads of an agency that has 300 a day.
inline constexpr int kLeadsOfBurst = 3'000;

// Leads that were all sent at once, each by a sender of its own, who comes
// again when it is told to.
struct LeadBurst {
  // Replies after which a sender came again: 429, 503, and none at all.
  int64_t too_many = 0;
  int64_t not_kept = 0;
  int64_t unanswered = 0;

  // From the first to the last receipt, and from then to the time at which each
  // lead was recorded.
  absl::Duration receipts = {};
  Histogram recorded = {};
  // Leads that were recorded more than once. Only a sender without an answer
  // may cause that.
  int64_t repeated = 0;
};

// Sends the leads from this number on to the source "burst" and waits for all
// receipts. INTERNAL for any other reply, or if they take too long.
absl::StatusOr<LeadBurst> SendBurst(const std::string& http, uint64_t first);

// Looks each lead up, and adds to `burst` when it was recorded, from `begin`
// on. INTERNAL if one has no contact, no interaction or no action.
absl::Status FindLeads(const Targets& targets, uint64_t first, absl::Time begin,
                       LeadBurst& burst);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_HOOKS_LEAD_BURST_H_
