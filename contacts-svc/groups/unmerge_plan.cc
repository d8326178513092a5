#include "contacts-svc/groups/unmerge_plan.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/status/status_macros.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/groups/not_same_row.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

std::vector<FoldEdge> ForFold(const std::vector<EdgeRow>& rows) {
  std::vector<FoldEdge> edges;
  for (const EdgeRow& row : rows) {
    edges.push_back({row.survivor, row.absorbed, row.order});
  }
  return edges;
}

}  // namespace

UnmergePlan::UnmergePlan(ContactRow canonical, std::vector<EdgeRow> kept,
                         std::vector<EdgeRow> removed, GroupFold fold)
    : canonical_(std::move(canonical)),
      kept_(std::move(kept)),
      removed_(std::move(removed)),
      fold_(std::move(fold)) {}

absl::StatusOr<UnmergePlan> UnmergePlan::Read(
    const Tx& tx, const ContactRow& canonical,
    absl::FunctionRef<bool(const EdgeRow&)> remove) {
  KITH_ASSIGN_OR_RETURN(std::vector<Uuid> members,
                        SelectMembers(tx, canonical.id));
  KITH_ASSIGN_OR_RETURN(std::vector<EdgeRow> edges,
                        SelectEdgesInForce(tx, members));
  std::sort(edges.begin(), edges.end(), [](const EdgeRow& a, const EdgeRow& b) {
    return a.order != b.order ? a.order < b.order : a.edge_id < b.edge_id;
  });
  std::vector<EdgeRow> kept;
  std::vector<EdgeRow> removed;
  for (EdgeRow& edge : edges) {
    (remove(edge) ? removed : kept).push_back(std::move(edge));
  }
  GroupFold fold(std::move(members), ForFold(kept));
  return UnmergePlan(canonical, std::move(kept), std::move(removed),
                     std::move(fold));
}

absl::Status UnmergePlan::Apply(const Tx& tx, const v1::MergeReversal& reversal,
                                NotSameObserver on_not_same) {
  if (empty()) return absl::OkStatus();
  for (EdgeRow& edge : removed_) {
    KITH_RETURN_IF_ERROR(ReverseEdge(tx, reversal, edge));
    if (reversal.actor().kind() != v1::ACTOR_KIND_PERSON) continue;
    KITH_RETURN_IF_ERROR(
        AddNotSame(tx, edge.survivor, edge.absorbed, reversal));
    KITH_RETURN_IF_ERROR(
        on_not_same(tx, edge.survivor, edge.absorbed, reversal));
  }
  for (const FoldPart& part : fold_.Parts()) {
    KITH_RETURN_IF_ERROR(WritePart(tx, part));
  }
  return absl::OkStatus();
}

absl::Status UnmergePlan::WritePart(const Tx& tx, const FoldPart& part) {
  if (part.canonical != canonical_.id) {
    std::vector<Uuid> moved;
    for (const Uuid& member : part.members) {
      if (member != part.canonical) moved.push_back(member);
    }
    KITH_RETURN_IF_ERROR(MoveMembers(tx, canonical_.id, part.canonical, moved));
  }
  // Deleted or not, as the whole group was: nothing undeletes silently.
  ContactRow row = canonical_;
  row.id = part.canonical;
  row.canonical_id = part.canonical;
  row.group_size = static_cast<int64_t>(part.members.size());
  row.group_edges = part.edges;
  return WriteGroup(tx, row);
}

v1::UnmergedGroup UnmergePlan::Show() const {
  v1::UnmergedGroup group;
  for (const EdgeRow& edge : removed_) {
    *group.add_removed_edges() = edge.edge;
  }
  AddParts(removed_, group);
  return group;
}

void UnmergePlan::AddParts(const std::vector<EdgeRow>& removed,
                           v1::UnmergedGroup& group) const {
  for (const FoldPart& part : fold_.Parts()) {
    v1::GroupPart& shown = *group.add_parts();
    shown.set_canonical_id(part.canonical.ToString());
    shown.add_member_ids(part.canonical.ToString());
    for (const Uuid& member : part.members) {
      if (member == part.canonical) continue;
      shown.add_member_ids(member.ToString());
    }
  }
  std::set<size_t> still;
  for (const EdgeRow& edge : removed) {
    for (const size_t kept : fold_.Path(edge.survivor, edge.absorbed)) {
      still.insert(kept);
    }
  }
  for (const size_t kept : still) {
    *group.add_still_joined_by() = kept_[kept].edge;
  }
}

}  // namespace kith::contacts
