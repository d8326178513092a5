#include "gateway/watch/watch_hub.h"

#include <algorithm>
#include <utility>

#include "common/api/too_busy.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"

// How changes reach watchers. Each feed has a deque of its newest changes,
// without gaps; the oldest are dropped beyond a count and a size. An index
// leads from tenant and contact id to the watchers that have this contact as a
// member.
// - Append takes the changes of a feed in sequence. It ignores a number that it
//   has seen. After a gap it empties the deque and resets all watchers. Else it
//   keeps the change, looks the contacts up that the change names, and queues
//   the change once for each of their watchers, unless the watcher's own
//   position is beyond it.
// - A watcher's queue is limited too. If it overflows it is dropped, and the
//   watcher is reset: it reports once that anything may have changed.
// - Add and Regroup get the positions before the members were read. They replay
//   the kept changes after these positions that name a new member, so no change
//   is lost between the reading and the registration. If the deque does not
//   reach back that far, they reset the watcher.
// - A change that merges or unmerges sets `regroup`: the stream then reads the
//   group's members again before it passes the batch on.
//
// A watcher is woken when its queue was empty before, and never under the
// mutex.

namespace kith::gateway {
namespace {

using changes::v1::Change;

prometheus::Counter& Resets() {
  static auto& counter = ops::Counter(
      "kith_watch_resets_total",
      "Watchers told that anything may have changed, as what had was lost.");
  return counter;
}

bool ChangesGroup(const Change& change) {
  return change.has_contacts_merged() || change.has_contacts_unmerged();
}

// The contacts that a change is about; a contact may come twice.
std::vector<absl::string_view> ContactsOf(const Change& change) {
  std::vector<absl::string_view> ids;
  const auto add_ends = [&ids](const auto& edges) {
    for (const changes::v1::Edge& edge : edges) {
      ids.emplace_back(edge.survivor_id());
      ids.emplace_back(edge.absorbed_id());
    }
  };
  switch (change.what_case()) {
    case Change::kContactsMerged:
      add_ends(change.contacts_merged().edges());
      break;
    case Change::kContactsUnmerged:
      add_ends(change.contacts_unmerged().edges());
      break;
    case Change::kIdentityLinked:
      ids.emplace_back(change.identity_linked().contact_id());
      break;
    case Change::kIdentityUnlinked:
      ids.emplace_back(change.identity_unlinked().contact_id());
      break;
    default:
      ids.emplace_back(change.owner());
  }
  return ids;
}

bool AnyIn(const std::vector<absl::string_view>& ids,
           const absl::flat_hash_set<std::string>& members) {
  return std::any_of(ids.begin(), ids.end(), [&](absl::string_view id) {
    return members.contains(id);
  });
}

}  // namespace

// All of it is guarded by the hub's mutex, but for what is const.
class WatchHub::Watcher {
 public:
  Watcher(uint64_t tenant_id, std::function<void()> wake)
      : tenant_id(tenant_id), wake(std::move(wake)) {}

  bool HasNews() const { return reset || !pending.empty(); }

  const uint64_t tenant_id;
  const std::function<void()> wake;
  absl::flat_hash_set<std::string> members;
  // What it was told elsewhere, which this hub may have yet to hear of.
  FeedPositions told = {};
  std::vector<SharedChange> pending;
  size_t pending_bytes = 0;
  bool reset = false;
  bool regroup = false;
};

void WatchHub::Begin(Feed feed, int64_t newest) {
  Woken woken;
  {
    absl::MutexLock lock(&mutex_);
    Restart(static_cast<size_t>(feed), newest, woken);
  }
  for (const auto& watcher : woken) watcher->wake();
}

void WatchHub::Restart(size_t feed, int64_t newest, Woken& woken) {
  feeds_[feed] = Kept();
  feeds_[feed].begun = true;
  feeds_[feed].newest = newest;
  for (const auto& [_, watcher] : watchers_) {
    watcher->told[feed] = 0;
    if (Reset(*watcher)) woken.push_back(watcher);
  }
}

void WatchHub::Append(Feed feed, const std::vector<SharedChange>& changes) {
  const auto index = static_cast<size_t>(feed);
  Woken woken;
  {
    absl::MutexLock lock(&mutex_);
    for (const SharedChange& change : changes) {
      const int64_t newest = feeds_[index].newest;
      if (change->sequence() <= newest) continue;
      if (change->sequence() != newest + 1) {
        Restart(index, change->sequence() - 1, woken);
      }
      Keep(index, change);
      Tell(index, change, woken);
    }
  }
  for (const auto& watcher : woken) watcher->wake();
}

void WatchHub::Keep(size_t feed, const SharedChange& change) {
  Kept& kept = feeds_[feed];
  kept.newest = change->sequence();
  kept.changes.push_back(change);
  kept.bytes += change->ByteSizeLong();
  while (kept.changes.size() > limits_.kept ||
         kept.bytes > limits_.kept_bytes) {
    kept.bytes -= kept.changes.front()->ByteSizeLong();
    kept.changes.pop_front();
  }
}

void WatchHub::Tell(size_t feed, const SharedChange& change, Woken& woken) {
  const auto tenant = by_contact_.find(change->tenant_id());
  if (tenant == by_contact_.end()) return;
  Watchers told;
  for (const absl::string_view id : ContactsOf(*change)) {
    const auto watchers = tenant->second.find(id);
    if (watchers == tenant->second.end()) continue;
    for (Watcher* watcher : watchers->second) {
      if (change->sequence() <= watcher->told[feed]) continue;
      if (!told.insert(watcher).second) continue;
      if (Queue(*watcher, change)) woken.push_back(watchers_.at(watcher));
    }
  }
}

bool WatchHub::Queue(Watcher& watcher, const SharedChange& change) {
  // Whoever is reset reads all.
  if (watcher.reset) return false;
  const bool first = watcher.pending.empty();
  watcher.pending.push_back(change);
  watcher.pending_bytes += change->ByteSizeLong();
  watcher.regroup |= ChangesGroup(*change);
  if (watcher.pending.size() > limits_.pending ||
      watcher.pending_bytes > limits_.pending_bytes) {
    Reset(watcher);
  }
  return first;
}

bool WatchHub::Reset(Watcher& watcher) {
  const bool first = !watcher.HasNews();
  if (!watcher.reset) Resets().Increment();
  watcher.pending.clear();
  watcher.pending_bytes = 0;
  watcher.reset = true;
  watcher.regroup = true;
  return first;
}

std::optional<FeedPositions> WatchHub::positions() const {
  FeedPositions positions = {};
  absl::MutexLock lock(&mutex_);
  for (size_t i = 0; i < kFeeds; ++i) {
    if (!feeds_[i].begun) return std::nullopt;
    positions[i] = feeds_[i].newest;
  }
  return positions;
}

absl::StatusOr<std::shared_ptr<WatchHub::Watcher>> WatchHub::Add(
    uint64_t tenant_id, const std::vector<std::string>& members,
    const FeedPositions& from, std::function<void()> wake) {
  const auto watcher = std::make_shared<Watcher>(tenant_id, std::move(wake));
  watcher->told = from;
  const absl::flat_hash_set<std::string> all(members.begin(), members.end());
  absl::MutexLock lock(&mutex_);
  Replay(*watcher, all, from);
  KITH_RETURN_IF_ERROR(Register(*watcher, all));
  watchers_.emplace(watcher.get(), watcher);
  return watcher;
}

absl::Status WatchHub::Regroup(Watcher& watcher,
                               const std::vector<std::string>& members,
                               const FeedPositions& from) {
  const absl::flat_hash_set<std::string> all(members.begin(), members.end());
  absl::flat_hash_set<std::string> added;
  absl::MutexLock lock(&mutex_);
  for (const std::string& id : all) {
    if (!watcher.members.contains(id)) added.insert(id);
  }
  Replay(watcher, added, from);
  Deregister(watcher);
  return Register(watcher, all);
}

void WatchHub::Replay(Watcher& watcher,
                      const absl::flat_hash_set<std::string>& added,
                      const FeedPositions& from) {
  if (added.empty()) return;
  for (size_t i = 0; i < kFeeds; ++i) {
    const Kept& kept = feeds_[i];
    const int64_t missing = kept.newest - from[i];
    if (missing <= 0) continue;
    if (missing > static_cast<int64_t>(kept.changes.size())) {
      Reset(watcher);
      return;
    }
    for (auto it = kept.changes.end() - missing; it != kept.changes.end();
         ++it) {
      if ((*it)->tenant_id() != watcher.tenant_id) continue;
      const auto ids = ContactsOf(**it);
      if (AnyIn(ids, added) && !AnyIn(ids, watcher.members)) {
        Queue(watcher, *it);
      }
    }
  }
}

absl::Status WatchHub::Register(
    Watcher& watcher, const absl::flat_hash_set<std::string>& members) {
  if (members_ + members.size() > limits_.members) {
    return api::TooBusyError("too many contacts are watched; try again later");
  }
  auto& by_contact = by_contact_[watcher.tenant_id];
  for (const std::string& id : members) by_contact[id].insert(&watcher);
  watcher.members = members;
  members_ += members.size();
  return absl::OkStatus();
}

void WatchHub::Deregister(Watcher& watcher) {
  if (watcher.members.empty()) return;
  const auto tenant = by_contact_.find(watcher.tenant_id);
  for (const std::string& id : watcher.members) {
    const auto watchers = tenant->second.find(id);
    watchers->second.erase(&watcher);
    if (watchers->second.empty()) tenant->second.erase(watchers);
  }
  if (tenant->second.empty()) by_contact_.erase(tenant);
  members_ -= watcher.members.size();
  watcher.members.clear();
}

WatchHub::Batch WatchHub::Take(Watcher& watcher, bool settled) {
  Batch batch;
  absl::MutexLock lock(&mutex_);
  for (size_t i = 0; i < kFeeds; ++i) {
    if (settled && watcher.told[i] > feeds_[i].newest) {
      watcher.told[i] = 0;
      Reset(watcher);
    }
    batch.positions[i] = std::max(watcher.told[i], feeds_[i].newest);
  }
  batch.changes = std::exchange(watcher.pending, {});
  watcher.pending_bytes = 0;
  batch.reset = std::exchange(watcher.reset, false);
  batch.regroup = std::exchange(watcher.regroup, false);
  return batch;
}

void WatchHub::Remove(Watcher& watcher) {
  absl::MutexLock lock(&mutex_);
  Deregister(watcher);
  watchers_.erase(&watcher);
}

}  // namespace kith::gateway
