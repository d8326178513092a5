#ifndef KITH_GATEWAY_WATCH_QUEUE_HEAD_H_
#define KITH_GATEWAY_WATCH_QUEUE_HEAD_H_

#include <vector>

#include "kith/gateway/v1/watch.pb.h"

namespace kith::gateway {

// Sets what is different between two readings of the head of a queue. Returns
// false, and sets nothing, if nothing is. A pure function.
bool TellDifference(const std::vector<v1::QueueEntry>& before,
                    const std::vector<v1::QueueEntry>& after,
                    v1::WatchQueueResponse& message);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_QUEUE_HEAD_H_
