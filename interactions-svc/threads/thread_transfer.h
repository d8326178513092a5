#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_TRANSFER_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_TRANSFER_H_

#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/threads/locked_threads.h"
#include "interactions-svc/threads/thread_row.h"
#include "interactions-svc/threads/thread_words.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// Interactions that go from a thread of one contact to a thread of another.

// Where they have gone.
struct Transfer {
  base::Uuid thread_id = {};

  // What their rows hold there.
  std::map<base::Uuid, ThreadEntry> entries = {};
};

// Makes `made`, a new thread of another contact, what `from` is, as all the
// interactions of that go there: with its fields and what a person has said of
// its state. A pure function.
void CopyThread(const ThreadRow& from, ThreadRow& made);

// Takes `leaving`, interactions of one thread in the order of their times, to
// one of the other contact, as ReassignInteractions says. Changes the
// references, and the entries and folds of both threads, which `threads` then
// holds; not the rows of `interactions`. The transaction must have locked both
// contacts' summaries. ABORTED, so that Transact runs the transaction again, if
// one of the interactions is not in the thread.
absl::StatusOr<Transfer> TransferInteractions(
    const mysql::Tx& tx, const std::vector<v1::Interaction>& leaving,
    const base::Uuid& to_contact_id, LockedThreads& threads);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_TRANSFER_H_
