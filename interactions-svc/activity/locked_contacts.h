#ifndef KITH_INTERACTIONS_SVC_ACTIVITY_LOCKED_CONTACTS_H_
#define KITH_INTERACTIONS_SVC_ACTIVITY_LOCKED_CONTACTS_H_

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/actions/locked_actions.h"
#include "interactions-svc/actions/recorded_actions.h"
#include "interactions-svc/activity/locked_summaries.h"
#include "interactions-svc/threads/locked_threads.h"

namespace kith::interactions {

// All that one transaction changes of the contacts whose summaries it has
// locked: their summaries, threads and actions. What is recorded moves threads;
// both open and end actions; all of it is told to the feed. Not thread-safe.
class LockedContacts {
 public:
  // `tx` must outlive the object.
  explicit LockedContacts(const mysql::Tx& tx)
      : summaries_(tx), threads_(tx), actions_(tx), recorded_(tx, actions_) {}

  // See LockedSummaries.
  absl::Status Lock(const std::set<base::Uuid>& contact_ids);
  absl::StatusOr<bool> TryLock(const base::Uuid& contact_id);

  // Adds an interaction that is in the table now, with this entry; in place of
  // `old`.
  absl::Status Add(const v1::Interaction& interaction,
                   const ThreadEntry& entry);
  absl::Status Exchange(const v1::Interaction& old,
                        const v1::Interaction& interaction,
                        const ThreadEntry& entry);

  // Takes `old` from its contact to that of `interaction`, which has replaced
  // it in the table with this entry.
  absl::Status Move(const v1::Interaction& old,
                    const v1::Interaction& interaction,
                    const ThreadEntry& entry);

  // Writes the threads that have changed, and opens and ends actions
  // accordingly.
  absl::Status WriteThreads();

  // Tells that the lease of the contact has changed, and why if an agent says.
  absl::Status TellLease(const base::Uuid& contact_id,
                         const std::string& reason = "");

  // Tells who acts, if that is not the person of the caller. Comes before all
  // that ends actions.
  void SetAgent(const std::string& agent) { recorded_.SetAgent(agent); }

  // Writes all that has changed. The last call.
  absl::Status Write();

  LockedSummaries& summaries() { return summaries_; }
  LockedThreads& threads() { return threads_; }
  LockedActions& actions() { return actions_; }

 private:
  void Begin(const base::Uuid& contact_id);

  LockedSummaries summaries_;
  LockedThreads threads_;
  LockedActions actions_;
  RecordedActions recorded_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIVITY_LOCKED_CONTACTS_H_
