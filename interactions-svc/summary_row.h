#ifndef KITH_INTERACTIONS_SVC_SUMMARY_ROW_H_
#define KITH_INTERACTIONS_SVC_SUMMARY_ROW_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "kith/interactions/v1/interactions.pb.h"

namespace kith::interactions {

// Between a contact's summary and its row in `summaries`.
struct SummaryRow {
  v1::ActivitySummary summary;

  // As stored; 0 where there is no row yet. Counts the changes of the contact's
  // interactions.
  uint64_t version = 0;

  // How many the transaction has made since.
  uint64_t changes = 0;
};

// By contact id, in the order in which rows are locked.
using SummaryRows = std::map<base::Uuid, SummaryRow>;

// By tenant_id and a list of contact_ids.
extern const mysql::Statement kSelectSummaries;
extern const mysql::Statement kLockSummaries;

// The rows that are there.
absl::StatusOr<SummaryRows> ReadSummaries(
    mysql::Session& session, absl::string_view sql, uint64_t tenant_id,
    const std::vector<base::Uuid>& contact_ids);

// Writes the row, which the transaction has locked, or adds it where it has no
// version. ABORTED where another transaction has added it meanwhile: Transact
// runs this one again.
absl::Status Write(mysql::Session& session, uint64_t tenant_id,
                   const base::Uuid& contact_id, const SummaryRow& row,
                   absl::Time now);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_SUMMARY_ROW_H_
