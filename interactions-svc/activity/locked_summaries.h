#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_LOCKED_SUMMARIES_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_LOCKED_SUMMARIES_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "interactions-svc/actions/locked_actions.h"
#include "interactions-svc/activity/summary.h"
#include "interactions-svc/activity/summary_row.h"
#include "interactions-svc/threads/locked_threads.h"
#include "kith/changes/v1/change.pb.h"
#include "kith/config/v1/config.pb.h"

namespace kith::interactions {

// The summaries that one transaction updates, and the changes that it adds to
// the feed. Only the transaction that holds the lock of a contact's summary
// changes the contact's interactions. Not thread-safe.
class LockedSummaries {
 public:
  // `tx` must outlive the object.
  explicit LockedSummaries(const mysql::Tx& tx)
      : tx_(tx), tenant_(*tx.context.principal->tenant) {}

  // Locks the rows that exist, in id order, so that two batches wait for each
  // other instead of deadlocking. For a missing row, the unique key decides in
  // Write.
  absl::Status Lock(const std::set<base::Uuid>& contact_ids);

  // Does so for one contact, if nobody else has locked it; else returns false.
  absl::StatusOr<bool> TryLock(const base::Uuid& contact_id);

  // Adds an interaction that is stored now. ABORTED, so that Transact runs the
  // transaction again, if its contact was not locked.
  absl::Status Add(const v1::Interaction& interaction);

  // Removes `old` and adds `stored`, which has replaced it in the table.
  // ABORTED as Add.
  absl::Status Exchange(const v1::Interaction& old,
                        const v1::Interaction& stored);

  // Removes `old` from its contact and adds `stored`, which has replaced it in
  // the table, to another. ABORTED as Add.
  absl::Status Move(const v1::Interaction& old, const v1::Interaction& stored);

  // Returns the sum of the marketing days of the contacts, which all are
  // locked; else ABORTED as Add.
  absl::StatusOr<v1::MarketingTouches> Marketing(
      const std::set<base::Uuid>& contact_ids) const;

  // Has a row of a locked contact be there after Write, though nothing of the
  // contact changes: a lock that others wait for whatever they change. ABORTED
  // as Add.
  absl::Status Anchor(const base::Uuid& contact_id);

  // Returns how many threads of the contact are not RESOLVED.
  int64_t LiveThreads(const std::string& contact_id) const;

  // Adds what the transaction has written of threads. ABORTED as Add.
  absl::Status AddThreads(const std::vector<ThreadEffect>& effects);

  // Returns what the actions of a locked contact need of its row.
  LockedContact ForActions(const base::Uuid& contact_id);

  // Adds what the transaction has written of actions. ABORTED as Add.
  absl::Status AddActions(const std::vector<ActionEffect>& effects);

  // Tells that the contact is leased, or was given back. `queues` are those of
  // its actions. ABORTED as Add.
  absl::Status TellLease(const base::Uuid& contact_id,
                         const std::set<std::string>& queues,
                         const std::string& reason);

  // Writes the changed summaries, and adds a change to the feed for each
  // interaction, thread, action and lease. ABORTED if another transaction
  // inserted a missing row first.
  absl::Status Write();

 private:
  // Returns the contact's row, and counts one more change of it.
  absl::StatusOr<SummaryRow*> FindForChange(const std::string& contact_id);

  // Adds a change of the contact to the feed.
  absl::Status AddChange(const std::string& contact_id,
                         changes::v1::Change change);

  // Reads what Remove could not compute.
  absl::Status Fill(const Gaps& gaps, const v1::Interaction& removed,
                    v1::ActivitySummary& summary);

  const mysql::Tx& tx_;
  const config::v1::Tenant& tenant_;
  SummaryRows rows_;
  std::vector<changes::v1::Change> changes_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_LOCKED_SUMMARIES_H_
