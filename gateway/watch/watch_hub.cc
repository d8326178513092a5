#include "gateway/watch/watch_hub.h"

#include <algorithm>
#include <utility>

#include "common/api/too_busy.h"
#include "common/base/times.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"
#include "gateway/watch/change_contacts.h"

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
// - A feed may be ahead of the merge that makes its changes the watcher's: the
//   merge comes by another feed, or behind them in its own. So Regroup replays,
//   from all feeds, what entered them since the merge was made, and was not
//   told. A change that was made after the merge entered its feed after it as
//   well, by clocks that differ by less than kSkew. What is before the token
//   of a batch must be told with it, so these changes join the batch; if the
//   deque does not reach back to the merge, the batch is reset. Since a reading
//   of members may also be ahead of the merge, each member has the numbers from
//   which on its changes were told.
// - A position that a watcher brings is looked up, at the next Take, among the
//   positions of the deque, by number and time: if it is not there, the watcher
//   has read changes that a restored database does not have, and is reset.
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

// By how much the clocks of two services may differ, and how long a sequencer
// takes for a page, which has the time of its beginning.
constexpr absl::Duration kSkew = absl::Seconds(5);

size_t BytesOf(const std::vector<SharedChange>& changes) {
  size_t bytes = 0;
  for (const SharedChange& change : changes) bytes += change->ByteSizeLong();
  return bytes;
}

api::FeedPosition PositionBehind(const Change& change) {
  return {.sequence = change.sequence(),
          .sequence_micros = base::ToMicros(change.sequence_time())};
}

std::array<int64_t, kFeeds> SequencesOf(const FeedPositions& positions) {
  std::array<int64_t, kFeeds> sequences = {};
  for (size_t i = 0; i < kFeeds; ++i) sequences[i] = positions[i].sequence;
  return sequences;
}

// Whether a change of a feed is one of the members, after the numbers that they
// have.
template <typename Members>
bool Concerns(const Change& change, size_t feed,
              const std::vector<absl::string_view>& ids,
              const Members& members) {
  return std::any_of(ids.begin(), ids.end(), [&](absl::string_view id) {
    const auto member = members.find(id);
    return member != members.end() && change.sequence() > member->second[feed];
  });
}

}  // namespace

WatchHub::WatchHub(const Limits& limits) : limits_(limits) { Resets(); }

// All of it is guarded by the hub's mutex, but for what is const.
class WatchHub::Watcher {
 public:
  Watcher(uint64_t tenant_id, std::function<void()> wake)
      : tenant_id(tenant_id), wake(std::move(wake)) {}

  bool HasNews() const { return reset || !pending.empty(); }

  const uint64_t tenant_id;
  const std::function<void()> wake;
  Members members;
  // What it was told elsewhere, which this hub may have yet to hear of. Empty
  // once it was found in the feed.
  FeedPositions told = {};
  std::vector<SharedChange> pending;
  size_t pending_bytes = 0;
  bool reset = false;
  bool regroup = false;
  // As Batch::merged, of what is pending.
  absl::Time merged = absl::InfiniteFuture();
};

bool WatchHub::Kept::Has(const api::FeedPosition& position) const {
  const int64_t index = position.sequence - base.sequence;
  if (index < 0 || position.sequence > newest.sequence) return false;
  if (index == 0) return position == base;
  return position == PositionBehind(*changes[index - 1]);
}

std::optional<int64_t> WatchHub::Kept::LastBefore(absl::Time time) const {
  const int64_t micros = absl::ToUnixMicros(time);
  const auto found =
      std::find_if(changes.rbegin(), changes.rend(), [&](const auto& change) {
        return PositionBehind(*change).sequence_micros < micros;
      });
  if (found != changes.rend()) return PositionBehind(**found).sequence;
  // A time of 0 is an unknown one.
  const bool is_before = base.sequence == 0 || (base.sequence_micros != 0 &&
                                                base.sequence_micros < micros);
  if (!is_before) return std::nullopt;
  return base.sequence;
}

void WatchHub::Begin(Feed feed, const api::FeedPosition& newest) {
  Woken woken;
  {
    absl::MutexLock lock(&mutex_);
    Restart(static_cast<size_t>(feed), newest, woken);
  }
  for (const auto& watcher : woken) watcher->wake();
}

void WatchHub::Restart(size_t feed, const api::FeedPosition& newest,
                       Woken& woken) {
  feeds_[feed] = Kept();
  feeds_[feed].begun = true;
  feeds_[feed].base = newest;
  feeds_[feed].newest = newest;
  for (const auto& [_, watcher] : watchers_) {
    watcher->told[feed] = {};
    if (Reset(*watcher)) woken.push_back(watcher);
  }
}

void WatchHub::Append(Feed feed, const std::vector<SharedChange>& changes) {
  const auto index = static_cast<size_t>(feed);
  Woken woken;
  std::vector<SharedChange> fresh;
  {
    absl::MutexLock lock(&mutex_);
    for (const SharedChange& change : changes) {
      const int64_t newest = feeds_[index].newest.sequence;
      if (change->sequence() <= newest) continue;
      if (change->sequence() != newest + 1) {
        // When the change before this one entered the feed is not known.
        Restart(index, {.sequence = change->sequence() - 1}, woken);
      }
      Keep(index, change);
      Tell(index, change, woken);
      fresh.push_back(change);
    }
  }
  for (const auto& watcher : woken) watcher->wake();
  for (const SharedChange& change : fresh) bells_.Ring(*change);
}

void WatchHub::Keep(size_t feed, const SharedChange& change) {
  Kept& kept = feeds_[feed];
  kept.newest = PositionBehind(*change);
  kept.changes.push_back(change);
  kept.bytes += change->ByteSizeLong();
  while (kept.changes.size() > limits_.kept ||
         kept.bytes > limits_.kept_bytes) {
    kept.base = PositionBehind(*kept.changes.front());
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
      if (change->sequence() <= watcher->told[feed].sequence) continue;
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
  if (change->has_contacts_merged()) {
    watcher.merged = std::min(watcher.merged, base::FromProto(change->time()));
  }
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
  // Whoever is reset has read all from then on.
  watcher.merged = absl::InfiniteFuture();
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
  Members all;
  for (const std::string& id : members) all.emplace(id, SequencesOf(from));
  // Nothing gets into it: all is after its positions.
  Batch empty;
  empty.positions = from;
  absl::MutexLock lock(&mutex_);
  if (!Replay(*watcher, all, SequencesOf(from), empty)) Reset(*watcher);
  KITH_RETURN_IF_ERROR(Register(*watcher, std::move(all)));
  watchers_.emplace(watcher.get(), watcher);
  return watcher;
}

absl::Status WatchHub::Regroup(Watcher& watcher,
                               const std::vector<std::string>& members,
                               Batch& batch) {
  absl::MutexLock lock(&mutex_);
  const std::optional<Sequences> known = StartOf(batch);
  const Sequences start = known.value_or(SequencesOf(batch.positions));
  Members all;
  for (const std::string& id : members) {
    Sequences& after = all.emplace(id, start).first->second;
    const auto member = watcher.members.find(id);
    if (member == watcher.members.end()) continue;
    for (size_t i = 0; i < kFeeds; ++i) {
      after[i] = std::min(after[i], member->second[i]);
    }
  }
  const bool complete = Replay(watcher, all, start, batch);
  if (!complete || !known.has_value()) {
    if (!batch.reset) Resets().Increment();
    batch.reset = true;
    batch.changes.clear();
  }
  Deregister(watcher);
  return Register(watcher, std::move(all));
}

std::optional<WatchHub::Sequences> WatchHub::StartOf(const Batch& batch) const {
  Sequences start = SequencesOf(batch.positions);
  if (batch.merged == absl::InfiniteFuture()) return start;
  for (size_t i = 0; i < kFeeds; ++i) {
    // What this hub has not read yet is passed over when it comes.
    if (start[i] > feeds_[i].newest.sequence) return std::nullopt;
    const std::optional<int64_t> last =
        feeds_[i].LastBefore(batch.merged - kSkew);
    if (!last.has_value()) return std::nullopt;
    start[i] = std::min(start[i], *last);
  }
  return start;
}

bool WatchHub::Replay(Watcher& watcher, const Members& members,
                      const Sequences& start, Batch& batch) {
  for (size_t i = 0; i < kFeeds; ++i) {
    const Kept& kept = feeds_[i];
    const int64_t count = kept.newest.sequence - start[i];
    if (count <= 0) continue;
    if (count > static_cast<int64_t>(kept.changes.size())) return false;
    for (auto it = kept.changes.end() - count; it != kept.changes.end(); ++it) {
      if ((*it)->tenant_id() != watcher.tenant_id) continue;
      const auto ids = ContactsOf(**it);
      if (!Concerns(**it, i, ids, members)) continue;
      if (Concerns(**it, i, ids, watcher.members)) continue;
      if ((*it)->sequence() > batch.positions[i].sequence) {
        Queue(watcher, *it);
      } else {
        batch.changes.push_back(*it);
      }
    }
  }
  return batch.changes.size() <= limits_.pending &&
         BytesOf(batch.changes) <= limits_.pending_bytes;
}

absl::Status WatchHub::Register(Watcher& watcher, Members members) {
  if (members_ + members.size() > limits_.members) {
    return api::TooBusyError("too many contacts are watched; try again later");
  }
  auto& by_contact = by_contact_[watcher.tenant_id];
  for (const auto& [id, _] : members) by_contact[id].insert(&watcher);
  members_ += members.size();
  watcher.members = std::move(members);
  return absl::OkStatus();
}

void WatchHub::Deregister(Watcher& watcher) {
  if (watcher.members.empty()) return;
  const auto tenant = by_contact_.find(watcher.tenant_id);
  for (const auto& [id, _] : watcher.members) {
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
    const api::FeedPosition told = watcher.told[i];
    const bool ahead = told.sequence > feeds_[i].newest.sequence;
    batch.positions[i] = ahead && !settled ? told : feeds_[i].newest;
    if (told.sequence == 0 || (ahead && !settled)) continue;
    watcher.told[i] = {};
    if (!feeds_[i].Has(told)) Reset(watcher);
  }
  batch.changes = std::exchange(watcher.pending, {});
  watcher.pending_bytes = 0;
  batch.reset = std::exchange(watcher.reset, false);
  batch.regroup = std::exchange(watcher.regroup, false);
  batch.merged = std::exchange(watcher.merged, absl::InfiniteFuture());
  return batch;
}

void WatchHub::Remove(Watcher& watcher) {
  absl::MutexLock lock(&mutex_);
  Deregister(watcher);
  watchers_.erase(&watcher);
}

}  // namespace kith::gateway
