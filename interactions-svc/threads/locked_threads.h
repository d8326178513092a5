#ifndef KITH_INTERACTIONS_SVC_THREADS_LOCKED_THREADS_H_
#define KITH_INTERACTIONS_SVC_THREADS_LOCKED_THREADS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/threads/thread_choice.h"
#include "interactions-svc/threads/thread_refs.h"
#include "interactions-svc/threads/thread_row.h"
#include "interactions-svc/threads/thread_words.h"

namespace kith::interactions {

// A thread before and after a transaction.
struct ThreadEffect {
  // Not set if the transaction has made the thread.
  std::optional<v1::Thread> before = {};
  v1::Thread after = {};
  // True if interactions have come from another thread, or gone to one.
  bool has_moved = false;
};

// The threads that one transaction changes. Whoever uses it must hold the lock
// of the summary of each contact concerned, so that two interactions at once
// find one thread. Not thread-safe.
class LockedThreads {
 public:
  // `tx` must outlive the object.
  explicit LockedThreads(const mysql::Tx& tx) : tx_(tx) {}

  // Chooses the thread of an interaction that is about to be inserted, opens it
  // if need be, and moves it. Sets thread_id, or clears it. `live` is how many
  // threads of the contact are not RESOLVED; if none is, they are not looked
  // for. Returns what its row holds.
  absl::StatusOr<ThreadEntry> Add(int64_t live, v1::Interaction& interaction);

  // Does so for an interaction that is about to replace `old` in the table. It
  // stays in the thread of `old`, if there is one. If there is none though
  // `old` was a word, only what it refers to finds one: a correction of what
  // was said long ago opens nothing.
  absl::StatusOr<ThreadEntry> Exchange(const v1::Interaction& old, int64_t live,
                                       v1::Interaction& interaction);

  // Does so for an interaction that comes from another contact and was in no
  // thread of that. Whoever has marked the thread since it was recorded has
  // seen it.
  absl::StatusOr<ThreadEntry> Receive(int64_t live,
                                      v1::Interaction& interaction);

  // Returns the thread of its contact that an interaction refers to, for a
  // change; null if there is none.
  absl::StatusOr<ThreadRow*> FindReferred(const v1::Interaction& interaction);

  // Returns the contact's thread, for a change; null if there is none.
  absl::StatusOr<ThreadRow*> Find(const base::Uuid& contact_id,
                                  const base::Uuid& thread_id);

  // Adds a thread that is not stored yet.
  ThreadRow& Open(const base::Uuid& contact_id, const base::Uuid& thread_id);

  // Returns the entries of a thread that the object holds, read once in the
  // transaction. Whoever changes them must call FoldMoved.
  absl::StatusOr<std::vector<ThreadEntry>*> Entries(const ThreadRow& row);

  // Folds the thread anew, whose entries have gone to another thread or come
  // from one.
  absl::Status FoldMoved(ThreadRow& row);

  // Writes what has changed since the last call, and returns it, each thread
  // once.
  absl::StatusOr<std::vector<ThreadEffect>> Write();

 private:
  // How an interaction comes to be in no thread yet.
  enum class Arrival {
    kRecorded,
    // It was a word before.
    kCorrected,
    kReassigned,
  };

  struct Loaded {
    ThreadRow row;
    // As in the table; empty for a new one.
    std::string stored;
    std::optional<v1::Thread> before;
    // Of the interactions in the thread, once they have been read.
    std::optional<std::vector<ThreadEntry>> entries = {};
    bool has_moved = false;
  };

  Loaded& Keep(ThreadRow row);
  absl::Status LoadLive(const base::Uuid& contact_id, int64_t live);
  // Those of the contact that are loaded and not RESOLVED.
  std::vector<const internal::v1::StoredThread*> Live(
      const base::Uuid& contact_id) const;

  // Returns what the interaction refers to, in the order of its weight.
  absl::StatusOr<std::vector<ThreadReference>> References(
      const base::Uuid& contact_id, const v1::Interaction& interaction,
      const RefTargets& targets);
  absl::StatusOr<ThreadReference> ReferenceTo(const base::Uuid& contact_id,
                                              const RefTarget& target);
  // Returns the id of another contact's thread, or of the one that it was
  // joined into.
  absl::StatusOr<base::Uuid> OthersThread(const RefTarget& target);

  // Chooses the thread of an interaction by its references, and if `may_find`
  // by what it says, and opens that thread if need be. Null if it is in none.
  absl::StatusOr<ThreadRow*> Choose(const v1::Interaction& interaction,
                                    Word word, bool may_find,
                                    const RefTargets& targets);

  // Enters an interaction that is in no thread yet.
  absl::StatusOr<ThreadEntry> Enter(int64_t live, Arrival arrival,
                                    v1::Interaction& interaction);

  // Opens the thread of the interaction, after the one that it continues.
  absl::StatusOr<ThreadRow*> OpenFor(const v1::Interaction& interaction,
                                     const std::string& continues);

  // Adds the entry of a new interaction to the thread.
  absl::Status Move(const v1::Interaction& interaction, Arrival arrival,
                    ThreadRow& row, ThreadEntry& entry);

  const mysql::Tx& tx_;
  std::map<base::Uuid, Loaded> threads_;
  std::set<base::Uuid> live_loaded_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_LOCKED_THREADS_H_
