#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_CHOICE_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_CHOICE_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "interactions-svc/threads/thread_words.h"
#include "kith/internal/v1/threads.pb.h"

namespace kith::interactions {

// A thread that an interaction refers to, by thread_id, by a message that it
// replies to, or by its conversation.
struct ThreadReference {
  std::string thread_id;

  // The thread; null if it is of another contact. If another thread of the
  // contact continues the one that is referred to, that one.
  const internal::v1::StoredThread* thread = nullptr;

  // Counts only if the bare subjects agree.
  bool needs_subject = false;
};

// The thread of an interaction.
struct ThreadChoice {
  enum class Kind { kNone, kJoin, kOpen };
  Kind kind = Kind::kNone;

  // The thread to join; or the one that the new thread continues, if any.
  std::string thread_id = {};
};

// Chooses the thread of an interaction, which has this word. `references` are
// in the order of their weight; `live` are the contact's threads that are not
// RESOLVED. See kith.interactions.v1.Thread for the rule. A pure function.
ThreadChoice ChooseThread(
    const v1::Interaction& interaction, Word word,
    absl::Span<const ThreadReference> references,
    absl::Span<const internal::v1::StoredThread* const> live,
    absl::Duration reopen_window);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_CHOICE_H_
