#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_SUMMARY_ROW_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_SUMMARY_ROW_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/mysql/statement.h"
#include "common/mysql/tx.h"
#include "kith/interactions/v1/summary.pb.h"
#include "kith/internal/v1/actions.pb.h"
#include "kith/internal/v1/recent.pb.h"

namespace kith::interactions {

// A contact's summary and its row in `summaries`.
struct SummaryRow {
  v1::ActivitySummary summary;

  // The version as stored; 0 if there is no row. Counts the changes of the
  // contact's interactions.
  uint64_t version = 0;

  // How many changes the transaction has made since.
  uint64_t changes = 0;

  // The newest interactions, if they are known. Without a row there are none.
  std::optional<internal::v1::RecentInteractions> recent =
      internal::v1::RecentInteractions();

  // What the contact's actions have in common.
  internal::v1::ContactWork work = {};
};

// By contact id, the order in which rows are locked.
using SummaryRows = std::map<base::Uuid, SummaryRow>;

// Bound: tenant_id, list of contact_ids. The first leaves `recent` unknown.
extern const mysql::Statement kSelectSummaries;
extern const mysql::Statement kSelectWithRecent;
extern const mysql::Statement kLockSummaries;

// Locks at once, or fails as a lock that was waited for too long.
extern const mysql::Statement kTryLockSummaries;

// Returns the rows that exist. `sql` is one of these statements.
absl::StatusOr<SummaryRows> ReadSummaries(
    const mysql::Tx& tx, absl::string_view sql,
    const std::vector<base::Uuid>& contact_ids);

// Updates the row, which the transaction has locked, or inserts it if its
// version is 0. ABORTED, so that Transact runs the transaction again, if
// another transaction inserted it first.
absl::Status WriteSummary(const mysql::Tx& tx, const base::Uuid& contact_id,
                          SummaryRow& row);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_SUMMARY_ROW_H_
