#include "contacts-svc/groups/unmerge_answer.h"

namespace kith::contacts {
namespace {

// At least one fits: an edge comes to 6 kB at most, a part to 400 kB.
constexpr size_t kListBytes = kGroupBytes / 3;

// Of a field that is a message, at most: its number and its length.
constexpr size_t kFieldBytes = 5;

template <typename List>
void Cut(List& list) {
  size_t bytes = 0;
  int fitting = 0;
  for (const auto& element : list) {
    bytes += element.ByteSizeLong() + kFieldBytes;
    if (bytes > kListBytes) break;
    ++fitting;
  }
  list.DeleteSubrange(fitting, list.size() - fitting);
}

}  // namespace

void Bound(v1::UnmergedGroup& group) {
  group.set_removed_edge_count(group.removed_edges_size());
  group.set_part_count(group.parts_size());
  group.set_still_joined_by_count(group.still_joined_by_size());
  if (group.ByteSizeLong() <= kGroupBytes) return;
  Cut(*group.mutable_removed_edges());
  Cut(*group.mutable_parts());
  Cut(*group.mutable_still_joined_by());
}

}  // namespace kith::contacts
