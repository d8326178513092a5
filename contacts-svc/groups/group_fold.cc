#include "contacts-svc/groups/group_fold.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace kith::contacts {

using base::Uuid;

GroupFold::GroupFold(std::vector<Uuid> members, std::vector<FoldEdge> edges)
    : members_(std::move(members)),
      edges_(std::move(edges)),
      parent_(members_.size()),
      size_(members_.size(), 1),
      canonical_(members_.size()),
      steps_(members_.size()) {
  std::sort(members_.begin(), members_.end());
  for (size_t i = 0; i < members_.size(); ++i) index_[members_[i]] = i;
  std::iota(parent_.begin(), parent_.end(), 0);
  std::iota(canonical_.begin(), canonical_.end(), 0);
  std::vector<size_t> by_order(edges_.size());
  std::iota(by_order.begin(), by_order.end(), 0);
  std::stable_sort(by_order.begin(), by_order.end(), [&](size_t a, size_t b) {
    return edges_[a].order < edges_[b].order;
  });
  for (const size_t edge : by_order) Join(edge);
}

size_t GroupFold::Root(size_t member) const {
  while (parent_[member] != member) member = parent_[member];
  return member;
}

void GroupFold::Join(size_t edge) {
  const size_t survivor = index_.at(edges_[edge].survivor);
  const size_t absorbed = index_.at(edges_[edge].absorbed);
  size_t root = Root(survivor);
  size_t other = Root(absorbed);
  if (root == other) return;
  const size_t canonical = canonical_[root];
  if (size_[root] < size_[other]) std::swap(root, other);
  parent_[other] = root;
  size_[root] += size_[other];
  canonical_[root] = canonical;
  steps_[survivor].push_back({absorbed, edge});
  steps_[absorbed].push_back({survivor, edge});
}

bool GroupFold::Joined(const Uuid& a, const Uuid& b) const {
  const auto at_a = index_.find(a);
  const auto at_b = index_.find(b);
  return at_a != index_.end() && at_b != index_.end() &&
         Root(at_a->second) == Root(at_b->second);
}

std::vector<FoldPart> GroupFold::Parts() const {
  std::map<Uuid, FoldPart> parts;
  const auto part_of = [&](const Uuid& member) -> FoldPart& {
    const Uuid& id = members_[canonical_[Root(index_.at(member))]];
    FoldPart& part = parts[id];
    part.canonical = id;
    return part;
  };
  for (const Uuid& member : members_) {
    part_of(member).members.push_back(member);
  }
  for (const FoldEdge& edge : edges_) ++part_of(edge.survivor).edges;
  std::vector<FoldPart> in_order;
  for (auto& [id, part] : parts) in_order.push_back(std::move(part));
  return in_order;
}

std::vector<size_t> GroupFold::Path(const Uuid& a, const Uuid& b) const {
  if (!Joined(a, b)) return {};
  const size_t start = index_.at(a);
  const size_t end = index_.at(b);
  // By member, the step that leads back to the start.
  absl::flat_hash_map<size_t, Step> back = {{start, {start, 0}}};
  std::vector<size_t> reached = {start};
  for (size_t next = 0; !back.contains(end); ++next) {
    const size_t from = reached[next];
    for (const Step& step : steps_[from]) {
      if (!back.insert({step.to, {from, step.edge}}).second) continue;
      reached.push_back(step.to);
    }
  }
  std::vector<size_t> path;
  for (size_t at = end; at != start; at = back.at(at).to) {
    path.push_back(back.at(at).edge);
  }
  std::sort(path.begin(), path.end(), [&](size_t x, size_t y) {
    return edges_[x].order < edges_[y].order;
  });
  return path;
}

}  // namespace kith::contacts
