#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_SUMMARY_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_SUMMARY_H_

#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "kith/config/v1/config.pb.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/interactions/v1/summary.pb.h"

namespace kith::interactions {

// The arithmetic of summaries. Pure functions.
//
// A stored summary is the sum of the summaries of its single interactions, so
// that an interaction can be subtracted again. What depends on the day on which
// the summary is read is computed by Present.

// Most returned items in a summary.
constexpr int kMaxReturnedItems = 20;

// Returns the summary of a single interaction: empty if it is not IsCounted.
v1::ActivitySummary SummaryOf(const v1::Interaction& interaction,
                              const config::v1::Tenant& tenant);

// Adds `from` to `into`: one more interaction of a contact, or one more contact
// of a group.
void Add(const v1::ActivitySummary& from, v1::ActivitySummary& into);

// Adds the days of a stored summary to those of another.
void AddMarketing(const v1::MarketingTouches& from, v1::MarketingTouches& into);

// The parts of a summary that cannot be computed when an interaction is
// removed, and must be read from the table.
struct Gaps {
  // The first, or last, time of the interaction's kind, direction and outcome.
  bool first_time = false;
  bool last_time = false;

  // The returned items that follow those that are left.
  bool returned_items = false;
};

// Subtracts `effect`, the SummaryOf one interaction, from the sum that contains
// it. Returns the parts to read.
Gaps Remove(const v1::ActivitySummary& effect, v1::ActivitySummary& from);

// Fill the gaps: the first or last time of the count that `interaction` belongs
// to, unless that count is gone, and the returned items of the newest returns.
void SetFirstTime(const v1::Interaction& interaction, int64_t micros,
                  v1::ActivitySummary& summary);
void SetLastTime(const v1::Interaction& interaction, int64_t micros,
                 v1::ActivitySummary& summary);
void SetReturnedItems(const std::vector<v1::Interaction>& newest_returns,
                      v1::ActivitySummary& summary);

// Removes the marketing days that are too old for every window. `today` is the
// day in the tenant's time zone.
void Prune(absl::CivilDay today, v1::ActivitySummary& summary);

// Turns a stored summary, or a sum of stored summaries, into the answer of
// today.
void Present(absl::CivilDay today, v1::ActivitySummary& summary);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_SUMMARY_H_
