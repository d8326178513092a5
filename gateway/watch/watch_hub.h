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
#include "kith/changes/v1/change.pb.h"

namespace kith::gateway {

using SharedChange = std::shared_ptr<const changes::v1::Change>;

// The feeds of the three services.
enum class Feed { kContacts, kIdentity, kInteractions };
inline constexpr size_t kFeeds = 3;

// For each feed, the number of the last change that was read.
using FeedPositions = std::array<int64_t, kFeeds>;

// Hands each change to the watchers of its customer, and keeps the newest
// changes for watchers that come back. A change costs one look-up for each
// contact that it names, however many watchers there are. No loss goes
// unreported: if the hub cannot determine what has changed, it resets the
// watcher, that is, it reports that anything may have changed. Thread-safe.
class WatchHub {
 public:
  struct Limits {
    // Most changes kept of each feed, and their bytes.
    size_t kept = 10'000;
    size_t kept_bytes = 16 << 20;
    // Most changes that wait for one watcher, and their bytes; with more the
    // watcher is reset.
    size_t pending = 1'000;
    size_t pending_bytes = 1 << 20;
    // Most members of all watched groups together.
    size_t members = 1'000'000;
  };

  // A watcher of one group.
  class Watcher;

  // What a watcher has not received yet.
  struct Batch {
    std::vector<SharedChange> changes;
    // Anything may have changed.
    bool reset = false;
    // The members may have changed. Before passing the batch on, read the
    // members and call Regroup with `positions`.
    bool regroup = false;
    // The positions up to which the watcher has received all changes, with this
    // batch.
    FeedPositions positions = {};
  };

  explicit WatchHub(const Limits& limits) : limits_(limits) {}

  // Starts a feed behind the change `newest`. Earlier changes are unknown, so
  // all watchers are reset.
  void Begin(Feed feed, int64_t newest);

  // Adds the next changes of a feed, by rising number. Ignores changes that the
  // feed has already. If changes are missing in between, starts the feed anew
  // as Begin does.
  void Append(Feed feed, const std::vector<SharedChange>& changes);

  // Returns the positions of the feeds; nullopt until all feeds have begun.
  std::optional<FeedPositions> positions() const;

  // Adds a watcher of these members, which were read after `from`. The watcher
  // gets the changes since `from` that are kept; if some are not kept any more,
  // it is reset. The hub calls `wake` when a batch becomes available, and not
  // again before Take; `wake` must not block. RESOURCE_EXHAUSTED if too many
  // members are watched.
  absl::StatusOr<std::shared_ptr<Watcher>> Add(
      uint64_t tenant_id, const std::vector<std::string>& members,
      const FeedPositions& from, std::function<void()> wake);

  // Replaces the watcher's members by these, which were read after `from`. The
  // watcher also gets the changes since `from` of the new members. Fails as Add
  // does; the watcher then has no members.
  absl::Status Regroup(Watcher& watcher,
                       const std::vector<std::string>& members,
                       const FeedPositions& from);

  // Returns and removes what the watcher has not received yet. A watcher may
  // start with positions that this hub has not reached yet. Once the hub had
  // time to reach them, pass `settled`: a watcher that is still ahead has its
  // positions from a feed that was set back since, and is reset.
  Batch Take(Watcher& watcher, bool settled);

  // Removes the watcher, which must not be used any more.
  void Remove(Watcher& watcher);

 private:
  // The changes kept of one feed: without gaps, up to `newest`.
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

  // Adds a change to those that wait for the watcher. Returns true if none
  // waited before.
  bool Queue(Watcher& watcher, const SharedChange& change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Resets the watcher: drops what waits. Returns true if nothing waited
  // before.
  static bool Reset(Watcher& watcher);

  // Queues the kept changes after `from` that concern `added` but none of the
  // watcher's present members, which got them already.
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
