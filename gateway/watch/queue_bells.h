#ifndef KITH_GATEWAY_WATCH_QUEUE_BELLS_H_
#define KITH_GATEWAY_WATCH_QUEUE_BELLS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "kith/changes/v1/change.pb.h"

namespace kith::gateway {

// Rings when a queue may have changed, by what the feed tells of actions and
// leases. It says neither what has changed, nor that nothing has: who listens
// reads the queue, and also from time to time. Thread-safe.
class QueueBells {
 public:
  // For every queue of the tenant.
  static constexpr char kAnyQueue[] = "";

  class Bell;

  // Has `ring` called whenever one of the queues of the tenant may have
  // changed, until Remove. It must not block.
  std::shared_ptr<Bell> Add(uint64_t tenant_id, std::vector<std::string> queues,
                            std::function<void()> ring);

  // `ring` may be called once more by a thread that is about to.
  void Remove(const std::shared_ptr<Bell>& bell);

  // Rings for the change, if it is one of an action or a lease.
  void Ring(const changes::v1::Change& change);

 private:
  using Bells = absl::flat_hash_set<std::shared_ptr<Bell>>;

  absl::Mutex mutex_;
  // By tenant and queue.
  absl::flat_hash_map<std::pair<uint64_t, std::string>, Bells> by_queue_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_QUEUE_BELLS_H_
