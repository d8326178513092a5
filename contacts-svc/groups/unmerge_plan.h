#ifndef KITH_CONTACTS_SVC_GROUPS_UNMERGE_PLAN_H_
#define KITH_CONTACTS_SVC_GROUPS_UNMERGE_PLAN_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "contacts-svc/groups/group_fold.h"
#include "contacts-svc/groups/merge_edge_row.h"
#include "contacts-svc/members/contact_row.h"
#include "kith/contacts/v1/group.pb.h"

namespace kith::contacts {

// A function that an unmerge by a person calls for each pair of contacts that
// it marks NOT_SAME, in its transaction, under the group's lock.
using NotSameObserver = absl::Status (*)(const mysql::Tx& tx,
                                         const base::Uuid& a,
                                         const base::Uuid& b,
                                         const v1::MergeReversal& reversal);

// What becomes of a group if some of its edges are removed. The plan is read
// first, and then either written or only returned, as a dry run. To read it
// takes time that grows with the group; to write it, with the number of members
// whose canonical contact changes. Not thread-safe.
class UnmergePlan {
 public:
  // Reads the group of a canonical row and plans to remove the edges for which
  // `remove` returns true. Writes nothing. Call it under the group's lock or on
  // a snapshot, else the plan may be inconsistent.
  static absl::StatusOr<UnmergePlan> Read(
      const mysql::Tx& tx, const ContactRow& canonical,
      absl::FunctionRef<bool(const EdgeRow&)> remove);

  // True if no edge is to be removed.
  bool empty() const { return removed_.empty(); }
  // The edges to remove, by rising order.
  const std::vector<EdgeRow>& removed() const { return removed_; }

  // Writes the plan. The caller holds the group's lock. If a person unmerges,
  // also marks the two contacts of each removed edge NOT_SAME and calls
  // `on_not_same`. Writes nothing if the plan is empty.
  absl::Status Apply(const mysql::Tx& tx, const v1::MergeReversal& reversal,
                     NotSameObserver on_not_same);

  // Returns the removed edges, the parts, and the edges that still join
  // contacts of removed edges.
  v1::UnmergedGroup Show() const;

  // Adds to `group` the parts, and the remaining edges that still join the two
  // contacts of an edge of `removed`.
  void AddParts(const std::vector<EdgeRow>& removed,
                v1::UnmergedGroup& group) const;

 private:
  UnmergePlan(ContactRow canonical, std::vector<EdgeRow> kept,
              std::vector<EdgeRow> removed, GroupFold fold);

  // Makes the part's canonical contact canonical in the tables. Members that
  // keep their canonical contact are not written.
  absl::Status WritePart(const mysql::Tx& tx, const FoldPart& part);

  ContactRow canonical_;
  std::vector<EdgeRow> kept_;
  std::vector<EdgeRow> removed_;
  GroupFold fold_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_UNMERGE_PLAN_H_
