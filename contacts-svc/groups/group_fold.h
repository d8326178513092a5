#ifndef KITH_CONTACTS_SVC_GROUPS_GROUP_FOLD_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUP_FOLD_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/uuid.h"

namespace kith::contacts {

// An edge as the fold sees it.
struct FoldEdge {
  base::Uuid survivor;
  base::Uuid absorbed;
  int64_t order;
};

// Contacts that are joined, directly or through others.
struct FoldPart {
  base::Uuid canonical;
  // In the order of their ids, the canonical one among them.
  std::vector<base::Uuid> members;
  // How many edges join them.
  int64_t edges = 0;
};

// The rule of who stands for whom, once and in one place: goes through edges by
// rising order; one that joins two sides makes the canonical contact of the
// survivor's side that of both. Edges of one order never touch the same side
// (the order of an edge is greater than any that either side had when it was
// made), so that their own order does not matter.
//
// A value; pure, and nearly linear in members and edges.
class GroupFold {
 public:
  // Every end of an edge is a member.
  GroupFold(std::vector<base::Uuid> members, std::vector<FoldEdge> edges);

  // False also where one is no member.
  bool Joined(const base::Uuid& a, const base::Uuid& b) const;

  // In the order of their canonical ids.
  std::vector<FoldPart> Parts() const;

  // The edges, as indexes into those given and by rising order, by which one
  // comes from `a` to `b` over the edges that have joined two sides; empty
  // where they are not joined.
  std::vector<size_t> Path(const base::Uuid& a, const base::Uuid& b) const;

 private:
  size_t Root(size_t member) const;
  void Join(size_t edge);

  // A step of the tree that the joining edges make of a part.
  struct Step {
    size_t to;
    size_t edge;
  };

  std::vector<base::Uuid> members_;
  std::vector<FoldEdge> edges_;
  absl::flat_hash_map<base::Uuid, size_t> index_;
  // Union by size, so that the way to a root is short without rewriting it.
  std::vector<size_t> parent_;
  std::vector<size_t> size_;
  // By root.
  std::vector<size_t> canonical_;
  std::vector<std::vector<Step>> steps_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUP_FOLD_H_
