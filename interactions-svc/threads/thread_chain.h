#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_CHAIN_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_CHAIN_H_

#include <vector>

#include "kith/interactions/v1/thread.pb.h"

namespace kith::interactions {

// Shows threads that continue each other as one: a thread whose continuation is
// also among `threads` goes to the part_ids of that one, which shows what the
// one says that owes most: OPEN before WAITING before RESOLVED. `threads` are
// sorted, newest first, and stay so. A pure function.
void JoinChains(std::vector<v1::Thread>& threads);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_CHAIN_H_
