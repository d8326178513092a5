#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_FOLD_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_FOLD_H_

#include <vector>

#include "absl/time/time.h"
#include "interactions-svc/threads/thread_words.h"
#include "kith/internal/v1/threads.pb.h"

namespace kith::interactions {

// How the state of a thread follows from its words and from what a person has
// said last about it, its mark. Pure functions.
//
// The words are taken in the order in which they occurred, so that a late one
// and a corrected one leave the thread as if it had always been so. A word that
// was recorded before the mark was seen by whoever made the mark: the state
// after it is that of the mark. A word that was recorded after it moves the
// state, unless an older-seen one occurred after it. Since when the customer
// waits in a thread that a person says is OPEN follows from the words as well:
// from those that no mark before it has seen that said otherwise.

// Sorts entries by time; equal times by interaction id.
void SortEntries(std::vector<ThreadEntry>& entries);

// Returns the fold before the first word.
internal::v1::ThreadFold EmptyFold(const internal::v1::ThreadMark& mark);

// Adds the next word. `entry` must not have occurred before the last word.
void AddWord(const internal::v1::ThreadMark& mark, const ThreadEntry& entry,
             internal::v1::ThreadFold& fold);

// Returns the fold over sorted entries.
internal::v1::ThreadFold Fold(const internal::v1::ThreadMark& mark,
                              const std::vector<ThreadEntry>& entries);

// Gives the thread a mark, as a person does, at the time `now`.
void SetMark(v1::ThreadState state, v1::Resolution resolution, absl::Time now,
             internal::v1::StoredThread& stored);

// Sets the fields of stored.thread that follow from its mark and fold.
void ShowFold(internal::v1::StoredThread& stored);

// Returns true if an e-mail must not reopen the thread at `now`: three have
// done so within the hour before. The backstop where two machines answer each
// other and neither says that it is one.
bool IsHeld(const internal::v1::StoredThread& stored, absl::Time now);

// Notes that an e-mail has reopened the thread.
void AddMailReopen(absl::Time now, internal::v1::StoredThread& stored);

// Adds the key of a channel value that a word came by; the last used comes
// last, and at most 20 are kept.
void AddIdentity(const std::string& identity_key,
                 internal::v1::StoredThread& stored);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_FOLD_H_
