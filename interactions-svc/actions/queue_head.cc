#include "interactions-svc/actions/queue_head.h"

#include <algorithm>
#include <utility>

#include "common/status/status_macros.h"

namespace kith::interactions {
namespace {

using base::Uuid;

// A contact that a reading has found.
struct Found {
  HeadPlace position;
  bool is_agents = false;
};

}  // namespace

QueueHead::QueueHead(const mysql::Tx& tx, absl::Span<const std::string> queues,
                     absl::Span<const Uuid> excluded)
    : tx_(tx),
      excluded_(excluded.size()),
      known_(excluded.begin(), excluded.end()) {
  for (QueueRange& range : HeadsOf(queues, tx.now)) {
    const bool is_agents = unread_.size() < kHeadRanges;
    unread_.push_back({.range = std::move(range), .is_agents = is_agents});
  }
}

absl::StatusOr<std::vector<Uuid>> QueueHead::ReadOn(size_t places) {
  // Whoever is excluded hides nobody behind.
  const size_t limit = places + excluded_;
  KITH_ASSIGN_OR_RETURN(const std::vector<std::vector<HeadPlace>> read,
                        Read(limit));
  std::vector<Found> found;
  std::vector<Unread> behind;
  for (size_t i = 0; i < unread_.size(); ++i) {
    Unread& unread = unread_[i];
    for (const HeadPlace& position : read[i]) {
      found.push_back({position, unread.is_agents});
    }
    if (read[i].size() < limit) continue;
    unread.last = read[i].back();
    behind.push_back(std::move(unread));
  }
  unread_ = std::move(behind);
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) {
                     if (a.is_agents != b.is_agents) return a.is_agents;
                     return a.position.rank_micros < b.position.rank_micros;
                   });
  std::vector<Uuid> contacts;
  for (const Found& one : found) {
    const Uuid& id = one.position.contact_id;
    if (known_.insert(id).second) contacts.push_back(id);
  }
  return contacts;
}

absl::StatusOr<std::vector<std::vector<HeadPlace>>> QueueHead::Read(
    size_t limit) const {
  std::vector<QueueRange> ranges;
  // Of each range, whose it is.
  std::vector<size_t> owners;
  const auto add = [&](size_t owner, const QueueRange& range) {
    if (range.least > range.most) return;
    ranges.push_back(range);
    owners.push_back(owner);
  };
  for (size_t i = 0; i < unread_.size(); ++i) {
    QueueRange range = unread_[i].range;
    if (const auto& last = unread_[i].last; last.has_value()) {
      QueueRange same = range;
      same.least = same.most = last->rank_micros;
      same.after = last->contact_id;
      add(i, same);
      range.least = last->rank_micros + 1;
    }
    add(i, range);
  }
  KITH_ASSIGN_OR_RETURN(const std::vector<WaitingContact> waiting,
                        ReadQueues(tx_, ranges, static_cast<int32_t>(limit)));
  std::vector<std::vector<HeadPlace>> read(unread_.size());
  for (const WaitingContact& contact : waiting) {
    read[owners[contact.queue]].push_back(
        {contact.rank_micros, contact.contact_id});
  }
  for (std::vector<HeadPlace>& positions : read) {
    std::sort(positions.begin(), positions.end());
    positions.resize(std::min(positions.size(), limit));
  }
  return read;
}

}  // namespace kith::interactions
