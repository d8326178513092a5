#ifndef KITH_INTERACTIONS_SVC_LOCKED_SUMMARIES_H_
#define KITH_INTERACTIONS_SVC_LOCKED_SUMMARIES_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/mysql/session.h"
#include "interactions-svc/summary.h"
#include "interactions-svc/summary_row.h"
#include "kith/changes/v1/changes.pb.h"
#include "kith/config/v1/config.pb.h"

namespace kith::interactions {

// The summaries that one transaction brings up to date. Whoever holds the lock
// of a contact's summary is the only one to change the contact's interactions.
// Not thread-safe.
class LockedSummaries {
 public:
  // Both outlive it.
  LockedSummaries(mysql::Session& session, const base::RequestContext& context)
      : session_(session),
        context_(context),
        tenant_(*context.principal->tenant) {}

  // Locks the rows that are there, in the order of their ids, so that two
  // batches wait for each other and do not deadlock. For one that is not there
  // the key decides in Write.
  absl::Status Lock(const std::set<base::Uuid>& contact_ids);

  // Adds an interaction that is stored now. ABORTED where its contact was not
  // locked: Transact runs the transaction again.
  absl::Status Add(const v1::Interaction& interaction);

  // Takes `old` away and adds `stored`, which has taken its place in the
  // table. ABORTED likewise.
  absl::Status Exchange(const v1::Interaction& old,
                        const v1::Interaction& stored);

  // Writes what was changed, and tells the feed of each interaction. ABORTED
  // where a row was added meanwhile.
  absl::Status Write(absl::Time now);

 private:
  // The row of a contact whose interactions change once more.
  absl::StatusOr<SummaryRow*> Find(const std::string& contact_id);

  // Looks up what Remove could not know.
  absl::Status Fill(const Gaps& gaps, const v1::Interaction& removed,
                    v1::ActivitySummary& summary);

  mysql::Session& session_;
  const base::RequestContext& context_;
  const config::v1::Tenant& tenant_;
  SummaryRows rows_;
  std::vector<changes::v1::Change> changes_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_LOCKED_SUMMARIES_H_
