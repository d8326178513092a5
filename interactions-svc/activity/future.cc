#include "interactions-svc/activity/future.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/times.h"
#include "common/status/status_macros.h"
#include "interactions-svc/activity/interaction_row.h"
#include "interactions-svc/activity/summary.h"
#include "interactions-svc/activity/timeline.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Tx;

// Rows read at once. Most contacts that have any future have one.
constexpr int32_t kFutureRowsRead = 100;

// Subtracts each interaction after tx.now. Returns the gaps that this leaves.
absl::StatusOr<Gaps> Subtract(const Tx& tx, const Uuid& contact_id,
                              v1::ActivitySummary& stored) {
  Gaps gaps;
  Location after = Location::Newest();
  std::vector<v1::Interaction> page;
  do {
    KITH_ASSIGN_OR_RETURN(
        page, ReadFuture(tx, contact_id, absl::ToUnixMicros(tx.now), after,
                         kFutureRowsRead));
    for (const v1::Interaction& interaction : page) {
      const Gaps left =
          Remove(SummaryOf(interaction, *tx.context.principal->tenant), stored);
      gaps.returned_items |= left.returned_items;
      after = Location::Of(interaction);
    }
  } while (page.size() == kFutureRowsRead);
  return gaps;
}

// Sets the last times that are still in the future. A first time never is: a
// count whose first interaction is yet to come was subtracted as a whole.
absl::Status MendLastTimes(const Tx& tx, const Uuid& contact_id,
                           v1::ActivitySummary& stored) {
  const int64_t now = absl::ToUnixMicros(tx.now);
  v1::Interaction like;
  like.set_contact_id(contact_id.ToString());
  for (v1::ActivityCount& count : *stored.mutable_counts()) {
    if (base::ToMicros(count.last_time()) <= now) continue;
    like.set_kind(count.kind());
    like.set_direction(count.direction());
    like.set_outcome(count.outcome());
    KITH_ASSIGN_OR_RETURN(const std::optional<int64_t> micros,
                          LastMicros(tx, like, now));
    if (micros.has_value()) *count.mutable_last_time() = base::ToProto(*micros);
  }
  return absl::OkStatus();
}

}  // namespace

bool HasFuture(const v1::ActivitySummary& stored, absl::Time now) {
  const int64_t micros = absl::ToUnixMicros(now);
  return std::any_of(stored.counts().begin(), stored.counts().end(),
                     [&](const v1::ActivityCount& count) {
                       return base::ToMicros(count.last_time()) > micros;
                     });
}

absl::Status RemoveFuture(const Tx& tx, const Uuid& contact_id,
                          v1::ActivitySummary& stored) {
  KITH_ASSIGN_OR_RETURN(const Gaps gaps, Subtract(tx, contact_id, stored));
  KITH_RETURN_IF_ERROR(MendLastTimes(tx, contact_id, stored));
  if (!gaps.returned_items) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(
      const std::vector<v1::Interaction> returns,
      ReadNewestReturns(tx, contact_id,
                        Location::NewestAt(absl::ToUnixMicros(tx.now))));
  SetReturnedItems(returns, stored);
  return absl::OkStatus();
}

}  // namespace kith::interactions
