#ifndef KITH_CONTACTS_SVC_GROUPS_GROUP_FOLD_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUP_FOLD_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/uuid.h"

namespace kith::contacts {

// The parts of an edge that the fold needs.
struct FoldEdge {
  base::Uuid survivor;
  base::Uuid absorbed;
  int64_t order = 0;
};

// Contacts that edges join, directly or through other contacts.
struct FoldPart {
  base::Uuid canonical;
  // In id order, with the canonical contact.
  std::vector<base::Uuid> members;
  // Number of edges between the members.
  int64_t edges = 0;
};

// The rule that finds the canonical contact of each group; no other code
// contains it. The fold goes through the edges by rising order. If an edge
// joins two sides, the canonical contact of the survivor's side becomes that of
// both. The result does not depend on the sequence of edges with the same
// order: the order of an edge is greater than that of every edge that either
// side had when it was made, so two edges of the same order never touch the
// same side.
//
// An immutable value, safe to use from several threads. No I/O. Takes nearly
// linear time in members and edges.
class GroupFold {
 public:
  // Both contacts of every edge must be in `members`.
  GroupFold(std::vector<base::Uuid> members, std::vector<FoldEdge> edges);

  // Returns true if edges join the contacts; false if one of them is no member.
  bool Joined(const base::Uuid& a, const base::Uuid& b) const;

  // Returns the parts in the order of their canonical ids.
  std::vector<FoldPart> Parts() const;

  // Returns the edges on the path from `a` to `b`, as indexes into the `edges`
  // of the constructor, by rising order. The path has only edges that joined
  // two sides when the fold reached them. Returns an empty list if `a` and `b`
  // are not joined.
  std::vector<size_t> Path(const base::Uuid& a, const base::Uuid& b) const;

 private:
  size_t Root(size_t member) const;
  void Join(size_t edge);

  // An edge of a part's spanning tree, as one of its two members has it.
  struct Step {
    size_t to;
    size_t edge;
  };

  std::vector<base::Uuid> members_;
  std::vector<FoldEdge> edges_;
  absl::flat_hash_map<base::Uuid, size_t> index_;
  // Union by size keeps the path to a root short, without path compression.
  std::vector<size_t> parent_;
  std::vector<size_t> size_;
  // The canonical member of a part; valid at the index of the part's root.
  std::vector<size_t> canonical_;
  // By member, its edges in the spanning tree.
  std::vector<std::vector<Step>> steps_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUP_FOLD_H_
