#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_ROW_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_ROW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/threads/thread_words.h"
#include "kith/internal/v1/threads.pb.h"

namespace kith::interactions {

// The tables `threads`, `thread_ids`, and what `interactions` has for threads.

// A thread and its row.
struct ThreadRow {
  base::Uuid contact_id = {};
  base::Uuid thread_id = {};

  // thread.thread_id and thread.contact_id are set in memory, and not stored.
  internal::v1::StoredThread stored = {};

  // As stored; 0 if there is no row yet.
  uint64_t version = 0;
};

// Returns the thread as it is answered. thread.etag is of the stored version.
v1::Thread ShowThread(const ThreadRow& row);

// Returns the contact of a thread; nullopt if there is no such thread.
absl::StatusOr<std::optional<base::Uuid>> ReadThreadContact(
    const mysql::Tx& tx, const base::Uuid& thread_id);

// Returns a thread of the contact; nullopt if it has no such thread.
absl::StatusOr<std::optional<ThreadRow>> ReadThread(
    const mysql::Tx& tx, const base::Uuid& contact_id,
    const base::Uuid& thread_id);

// Returns the contact's threads that are not RESOLVED: of each state the newest
// 100, by which an interaction without a reference finds its thread.
absl::StatusOr<std::vector<ThreadRow>> ReadLiveThreads(
    const mysql::Tx& tx, const base::Uuid& contact_id);

// Where a page of threads ends.
struct ThreadPlace {
  // Before all threads in a list, which begins with the newest.
  static ThreadPlace Newest();
  static ThreadPlace Of(const v1::Thread& thread);

  int64_t opened_micros = 0;
  base::Uuid thread_id = {};
};

// The threads of a contact in one state.
struct ThreadRange {
  base::Uuid contact_id = {};
  v1::ThreadState state = v1::THREAD_STATE_UNSPECIFIED;
};

// Returns at most `limit` threads of each range after `after`, by opened_time,
// the newest of each range first. One index seek for each, 16 a statement.
absl::StatusOr<std::vector<ThreadRow>> ReadThreadsByState(
    const mysql::Tx& tx, absl::Span<const ThreadRange> ranges,
    const ThreadPlace& after, int32_t limit);

// Returns the newest 500 problems of the contact. One index seek.
absl::StatusOr<std::vector<ThreadRow>> ReadProblems(
    const mysql::Tx& tx, const base::Uuid& contact_id);

// Returns the interactions of a thread, sorted.
absl::StatusOr<std::vector<ThreadEntry>> ReadEntries(
    const mysql::Tx& tx, const base::Uuid& contact_id,
    const base::Uuid& thread_id);

// Makes the row of an interaction in `interactions`, which occurred at this
// time, an entry of `thread`. The transaction must have locked the contact's
// summary.
absl::Status WriteEntry(const mysql::Tx& tx, const ThreadRow& thread,
                        int64_t occurred_micros, const ThreadEntry& entry);

// Inserts the row, and its key, if its version is 0; else updates it. Counts
// the version. The transaction must have locked the contact's summary.
absl::Status WriteThread(const mysql::Tx& tx, ThreadRow& row);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_ROW_H_
