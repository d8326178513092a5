#ifndef KITH_INTERACTIONS_SVC_SUMMARY_H_
#define KITH_INTERACTIONS_SVC_SUMMARY_H_

#include <cstdint>
#include <vector>

#include "kith/config/v1/config.pb.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::interactions {

// The arithmetic of summaries. Pure functions.
//
// A summary as it is stored is the sum of what its interactions are each on
// their own, so that one can be taken away again. What depends on the day on
// which it is read is left to Present.

// Most returned items in a summary.
constexpr int kMostReturnedItems = 20;

// What one interaction comes to.
v1::ActivitySummary SummaryOf(const v1::Interaction& interaction,
                              const config::v1::Tenant& tenant);

// Adds `from` to `into`: one more interaction of a contact, or one more contact
// of a group.
void Add(const v1::ActivitySummary& from, v1::ActivitySummary& into);

// What cannot be known from a summary once an interaction is taken away, and
// has to be looked up.
struct Gaps {
  // The first, or last, time of its kind, direction and outcome.
  bool first_time = false;
  bool last_time = false;

  // The returned items that come after those that are left.
  bool returned_items = false;
};

// Takes `effect`, the SummaryOf one interaction, from the sum it is part of.
Gaps Remove(const v1::ActivitySummary& effect, v1::ActivitySummary& from);

// Fill the gaps: the time of the count that `interaction` belongs to, where
// there still is one, and the returned items of the newest returns.
void SetFirstTime(const v1::Interaction& interaction, int64_t micros,
                  v1::ActivitySummary& summary);
void SetLastTime(const v1::Interaction& interaction, int64_t micros,
                 v1::ActivitySummary& summary);
void SetReturnedItems(const std::vector<v1::Interaction>& newest_returns,
                      v1::ActivitySummary& summary);

// Drops the marketing days that no window reaches any more. `today` counts as
// auth::CalendarDay does.
void Prune(int32_t today, v1::ActivitySummary& summary);

// Makes a stored summary, or a sum of them, the one that is answered today.
void Present(int32_t today, v1::ActivitySummary& summary);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_SUMMARY_H_
