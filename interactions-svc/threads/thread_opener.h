#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_OPENER_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_OPENER_H_

#include "kith/interactions/v1/interaction.pb.h"
#include "kith/internal/v1/threads.pb.h"

namespace kith::interactions {

// What a thread has of the interaction that opened it. Pure functions.

// Sets what `opener` says of the thread that it opens.
void SetOpener(const v1::Interaction& opener,
               internal::v1::StoredThread& stored);

// If `old`, which opened the thread, has become `now`: sets what it says now of
// the thread. What a person has changed since, stays.
void FollowOpener(const v1::Interaction& old, const v1::Interaction& now,
                  internal::v1::StoredThread& stored);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_OPENER_H_
