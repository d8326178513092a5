#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_MOVES_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_MOVES_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/threads/locked_threads.h"
#include "interactions-svc/threads/thread_refs.h"
#include "interactions-svc/threads/thread_words.h"
#include "kith/internal/v1/threads.pb.h"

namespace kith::interactions {

// How interactions go from one thread of a contact to another, by a split or a
// join, and back.

// Most interactions that one split or join moves.
inline constexpr size_t kMaxMoved = 500;

// An interaction on its way.
struct MovingInteraction {
  // Without what it says itself: body, items and attributes.
  v1::Interaction interaction;

  // How many marks it has seen of the thread that it comes to.
  uint32_t marks = 0;

  // Whether its message, and its conversation, lead to the thread that it comes
  // to, if they lead to the one that it leaves.
  bool takes_message = true;
  bool takes_conversation = true;

  // What its message was called when it came to the thread that it leaves; it
  // goes with it, too.
  std::string former_message_id = {};
};

// Pure functions.

// Returns the interactions that the request takes out of a thread with these
// entries. NOT_FOUND if one is not in the thread; FAILED_PRECONDITION if none
// stays, or more than kMaxMoved would move.
absl::StatusOr<std::set<base::Uuid>> SplitOff(
    const v1::SplitThreadRequest& request, std::vector<ThreadEntry> entries);

// Returns the mark of a new thread that takes `entries`, which are sorted, from
// one with this mark. What a person has said of the state holds for it as well
// if it has a word from before; the customer then waits since their first word
// in it that is not answered there, else since the mark.
internal::v1::ThreadMark MarkOfSplit(const internal::v1::ThreadMark& mark,
                                     const std::vector<ThreadEntry>& entries);

// Sets what a new thread has of the request and of its first word of the
// customer, as if that had opened it. `interactions` are in any order.
void SetSplitFields(const v1::SplitThreadRequest& request,
                    const std::vector<ThreadEntry>& entries,
                    const std::vector<v1::Interaction>& interactions,
                    internal::v1::StoredThread& made);

// Returns how many marks of the thread that stays the entry of a joined thread
// has seen. It was seen by whoever made the last one if it was recorded before;
// and if both threads are RESOLVED by a person, if it was seen by whoever
// resolved its own.
uint32_t MarksOfJoined(const internal::v1::ThreadMark& stays,
                       const internal::v1::ThreadMark& joined,
                       const ThreadEntry& entry, int64_t recorded_micros);

// Both change the rows of `interactions` and of references, and the entries and
// folds of both threads, which `threads` must hold.

// Moves interactions of `from` to `to`. Returns what TakeBack needs.
absl::StatusOr<internal::v1::ThreadMove> MoveInteractions(
    const mysql::Tx& tx, const std::vector<MovingInteraction>& moving,
    ThreadRow& from, ThreadRow& to, LockedThreads& threads);

// Moves the interactions of `move`, which are in `from` now, back to `to`, and
// sets `move` to undone.
absl::Status TakeBack(const mysql::Tx& tx,
                      std::vector<v1::Interaction> interactions,
                      ThreadRow& from, ThreadRow& to, LockedThreads& threads,
                      internal::v1::ThreadMove& move);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_MOVES_H_
