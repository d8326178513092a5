#ifndef KITH_CONTACTS_SVC_GROUPS_UNMERGE_PLAN_H_
#define KITH_CONTACTS_SVC_GROUPS_UNMERGE_PLAN_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/session.h"
#include "contacts-svc/groups/group_fold.h"
#include "contacts-svc/groups/merge_edge_row.h"
#include "contacts-svc/members/contact_row.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Called in an unmerge's transaction, under the group's lock, for each pair of
// contacts that now has a NOT_SAME mark because a person unmerged them.
using NotSameObserver = absl::Status (*)(mysql::Session& session,
                                         uint64_t tenant_id,
                                         const base::Uuid& a,
                                         const base::Uuid& b,
                                         const v1::MergeReversal& reversal);

// What becomes of a group without some of its edges: read first, then written
// or only shown. Reads grow with the group; what is written, with the members
// whose canonical contact changes.
class UnmergePlan {
 public:
  // Reads the group of a canonical row, and takes back the edges that `remove`
  // chooses. For a consistent answer within the group's lock, or a snapshot.
  static absl::StatusOr<UnmergePlan> Read(
      mysql::Session& session, uint64_t tenant_id, const ContactRow& canonical,
      absl::FunctionRef<bool(const EdgeRow&)> remove);

  bool empty() const { return removed_.empty(); }
  const std::vector<EdgeRow>& removed() const { return removed_; }

  // Writes the plan, under the group's lock. If a person unmerges, also marks
  // the two contacts of each removed edge NOT_SAME and calls `on_not_same`.
  absl::Status Apply(mysql::Session& session, uint64_t tenant_id,
                     const v1::MergeReversal& reversal,
                     NotSameObserver on_not_same);

  v1::UnmergedGroup Show() const;

  // Adds the parts, and what still joins contacts whose edge was removed.
  void AddParts(const std::vector<EdgeRow>& removed,
                v1::UnmergedGroup& group) const;

 private:
  UnmergePlan(const ContactRow& canonical, std::vector<EdgeRow> kept,
              std::vector<EdgeRow> removed, GroupFold fold);

  // Lets a part stand for itself; what is left with the old canonical contact
  // stays as it is.
  absl::Status WritePart(mysql::Session& session, uint64_t tenant_id,
                         const FoldPart& part);

  ContactRow canonical_;
  std::vector<EdgeRow> kept_;
  std::vector<EdgeRow> removed_;
  GroupFold fold_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_UNMERGE_PLAN_H_
