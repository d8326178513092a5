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

  // When the first was sent, how long the last receipt took from then, and how
  // long it took until each lead was recorded.
  absl::Time begin = absl::InfinitePast();
  absl::Duration receipts = {};
  Histogram recorded = {};
  // Leads that were recorded more than once. Only a sender without an answer
  // may cause that.
  int64_t repeated = 0;
};

// Sends the leads from this number on to the source "burst" and waits for all
// receipts. INTERNAL for any other reply, or if they take too long.
absl::StatusOr<LeadBurst> SendBurst(const std::string& http, uint64_t first);

// Looks each lead up, and adds to `burst` when it was recorded. INTERNAL if one
// has no contact, no interaction or no action, or if more were recorded more
// than once than senders had no answer.
absl::Status FindLeads(const Targets& targets, uint64_t first,
                       LeadBurst& burst);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_HOOKS_LEAD_BURST_H_
