#ifndef KITH_GATEWAY_WATCH_WATCH_HUB_H_
#define KITH_GATEWAY_WATCH_WATCH_HUB_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "kith/changes/v1/changes.pb.h"

namespace kith::gateway {

using SharedChange = std::shared_ptr<const changes::v1::Change>;

// The feeds of the three services.
enum class Feed { kContacts, kIdentity, kInteractions };
inline constexpr size_t kFeeds = 3;

// For each feed, the number of the last change that was dealt with.
using FeedPositions = std::array<int64_t, kFeeds>;

// Hands each change to those who watch the customer that it is of, and keeps
// the newest changes, so that whoever comes back is told what they missed. It
// costs a look-up for each contact that a change names, however many watch.
// Never silent about a loss: where it cannot tell what has changed it tells a
// watcher that anything may have. Thread-safe.
class WatchHub {
 public:
  struct Limits {
    // Changes kept of each feed.
    size_t kept = 10'000;
    size_t kept_bytes = 16 << 20;
    // Changes that wait for one watcher; beyond these it is reset.
    size_t pending = 1'000;
    size_t pending_bytes = 1 << 20;
    // Members of all watched groups together.
    size_t members = 1'000'000;
  };

  // One who watches a group.
  class Watcher;

  // What a watcher has not been told yet.
  struct Batch {
    std::vector<SharedChange> changes;
    // Anything may have changed.
    bool reset = false;
    // So may have the members: read them, then Regroup, from `positions`,
    // before this is told.
    bool regroup = false;
    // How far all is told with this.
    FeedPositions positions = {};
  };

  explicit WatchHub(const Limits& limits) : limits_(limits) {}

  // The feed is read from here on; what came before is not known, so that all
  // who watch are reset.
  void Begin(Feed feed, int64_t newest);

  // The next changes of a feed. Those that it has had are passed over; where
  // some are missing it begins anew.
  void Append(Feed feed, const std::vector<SharedChange>& changes);

  // How far the feeds are read; nothing before all have begun.
  std::optional<FeedPositions> positions() const;

  // Adds a watcher of these members, which were read after `from`. It is told
  // what has changed since, as far as that is kept, else reset. `wake` is
  // called when there is something to take, but not while that lies untaken;
  // it must not block. RESOURCE_EXHAUSTED where too many members are watched.
  absl::StatusOr<std::shared_ptr<Watcher>> Add(
      uint64_t tenant_id, const std::vector<std::string>& members,
      const FeedPositions& from, std::function<void()> wake);

  // The watcher's members are these now, read after `from`. What has changed
  // since at those that are new is told as well. Fails as Add does.
  absl::Status Regroup(Watcher& watcher,
                       const std::vector<std::string>& members,
                       const FeedPositions& from);

  // Takes what the watcher was not told yet. A watcher may come with positions
  // that this hub has yet to reach; once it had time to, say `settled`: one
  // that is still ahead has them from a feed that was set back, and is reset.
  Batch Take(Watcher& watcher, bool settled);

  void Remove(Watcher& watcher);

 private:
  // What is kept of one feed: without a gap, up to `newest`.
  struct Kept {
    bool begun = false;
    int64_t newest = 0;
    std::deque<SharedChange> changes;
    size_t bytes = 0;
  };
  using Watchers = absl::flat_hash_set<Watcher*>;
  using Woken = std::vector<std::shared_ptr<Watcher>>;

  void Restart(size_t feed, int64_t newest, Woken& woken)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Keep(size_t feed, const SharedChange& change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Tell(size_t feed, const SharedChange& change, Woken& woken)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Adds to what waits for the watcher; says whether nothing did before.
  bool Queue(Watcher& watcher, const SharedChange& change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static bool Reset(Watcher& watcher);

  // Queues what was kept after `from` of members that `watcher` had not.
  void Replay(Watcher& watcher, const absl::flat_hash_set<std::string>& added,
              const FeedPositions& from) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Register(Watcher& watcher,
                        const absl::flat_hash_set<std::string>& members)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Deregister(Watcher& watcher) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Limits limits_;
  mutable absl::Mutex mutex_;
  std::array<Kept, kFeeds> feeds_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Watcher*, std::shared_ptr<Watcher>> watchers_
      ABSL_GUARDED_BY(mutex_);
  // By tenant and contact id.
  absl::flat_hash_map<uint64_t, absl::flat_hash_map<std::string, Watchers>>
      by_contact_ ABSL_GUARDED_BY(mutex_);
  size_t members_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_WATCH_HUB_H_
