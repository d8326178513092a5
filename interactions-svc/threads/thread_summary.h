#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_SUMMARY_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_SUMMARY_H_

#include <vector>

#include "interactions-svc/threads/locked_threads.h"
#include "kith/changes/v1/change.pb.h"
#include "kith/interactions/v1/summary.pb.h"

namespace kith::interactions {

// What a contact's summary and the feed have of its threads. Pure functions.

// Most topics in a summary.
inline constexpr int kMaxLastProblems = 20;

// Adds the effect to the number of live threads and to the last problems.
// Returns true if another problem may be the last of its topic now, which must
// be read: SetLastProblems.
bool AddEffect(const ThreadEffect& effect, v1::ActivitySummary& summary);

// Sets the last problems to those among the contact's newest ones.
void SetLastProblems(const std::vector<v1::Thread>& newest_problems,
                     v1::ActivitySummary& summary);

// Adds the problems of one more contact of a group.
void AddLastProblems(const v1::ActivitySummary& from,
                     v1::ActivitySummary& into);

// Sets what the feed tells of the effect. Returns false if that is nothing: if
// only times of words have changed, the change of the interaction tells it.
bool TellEffect(const ThreadEffect& effect, changes::v1::Change& change);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_SUMMARY_H_
