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
#include "absl/time/time.h"
#include "common/api/feed_position.h"
#include "gateway/watch/queue_bells.h"
#include "kith/changes/v1/change.pb.h"

namespace kith::gateway {

using SharedChange = std::shared_ptr<const changes::v1::Change>;

// The feeds of the three services.
enum class Feed { kContacts, kIdentity, kInteractions };
inline constexpr size_t kFeeds = 3;

// For each feed, the position behind the last change that was read.
using FeedPositions = std::array<api::FeedPosition, kFeeds>;

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
    // members and call Regroup with the batch.
    bool regroup = false;
    // When the first merge in `changes` was made; InfiniteFuture if there is
    // none.
    absl::Time merged = absl::InfiniteFuture();
    // The positions up to which the watcher has received all changes, with this
    // batch.
    FeedPositions positions = {};
  };

  explicit WatchHub(const Limits& limits);

  // Starts a feed at the position `newest`. Earlier changes are unknown, so all
  // watchers are reset.
  void Begin(Feed feed, const api::FeedPosition& newest);

  // Adds the next changes of a feed, by rising number. Ignores changes that the
  // feed has already. If changes are missing in between, starts the feed anew
  // as Begin does.
  void Append(Feed feed, const std::vector<SharedChange>& changes);

  // Rung for each change of a feed that is new.
  QueueBells& queue_bells() { return bells_; }

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

  // Replaces the watcher's members by these, which were read after the batch
  // was taken. The watcher also gets the changes of its members since the merge
  // that it was not told of, as their feed was ahead of the merge: those up to
  // `batch.positions` with this batch, later ones with the next. If some may be
  // missing, resets the batch. Fails as Add does; the watcher then has no
  // members.
  absl::Status Regroup(Watcher& watcher,
                       const std::vector<std::string>& members, Batch& batch);

  // Returns and removes what the watcher has not received yet. A watcher may
  // start with positions that this hub has not reached yet. Once the hub had
  // time to reach them, pass `settled`. A watcher that is still ahead, or whose
  // position is not one of the feed, has its positions from a feed that was set
  // back since, and is reset.
  Batch Take(Watcher& watcher, bool settled);

  // Removes the watcher, which must not be used any more.
  void Remove(Watcher& watcher);

 private:
  // The changes kept of one feed: without gaps, after `base` and up to
  // `newest`.
  struct Kept {
    bool begun = false;
    api::FeedPosition base;
    api::FeedPosition newest;
    std::deque<SharedChange> changes;
    size_t bytes = 0;

    // Returns true if the position is known to be one of the feed.
    bool Has(const api::FeedPosition& position) const;
    // Returns the number of the last change that entered the feed before
    // `time`; nullopt if it is not known, as later ones are not kept any more.
    std::optional<int64_t> LastBefore(absl::Time time) const;
  };
  // For each feed, the number of a change.
  using Sequences = std::array<int64_t, kFeeds>;
  // Contact ids, each with the numbers after which the watcher was told all
  // changes of the contact.
  using Members = absl::flat_hash_map<std::string, Sequences>;
  using Watchers = absl::flat_hash_set<Watcher*>;
  using Woken = std::vector<std::shared_ptr<Watcher>>;

  void Restart(size_t feed, const api::FeedPosition& newest, Woken& woken)
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

  // Returns the numbers after which changes may concern members that joined
  // with the merges of a batch; nullopt if that is not known.
  std::optional<Sequences> StartOf(const Batch& batch) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Gives the watcher the kept changes after `start` that concern `members` and
  // that it was not told: those up to `batch.positions` in the batch, later
  // ones queued. Returns false if some are not kept any more, or are too many
  // for the batch.
  bool Replay(Watcher& watcher, const Members& members, const Sequences& start,
              Batch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Register(Watcher& watcher, Members members)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Deregister(Watcher& watcher) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Limits limits_;
  QueueBells bells_;
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
