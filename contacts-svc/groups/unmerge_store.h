#ifndef KITH_CONTACTS_SVC_GROUPS_UNMERGE_STORE_H_
#define KITH_CONTACTS_SVC_GROUPS_UNMERGE_STORE_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "contacts-svc/groups/merge_edge_row.h"
#include "contacts-svc/groups/unmerge_plan.h"
#include "kith/contacts/v1/group.pb.h"

namespace kith::contacts {

// Unmerges contacts. Takes validated requests; returns the errors of the RPC of
// the same name. Stateless.
class UnmergeStore {
 public:
  // The store calls `on_not_same` for each pair of contacts that a person
  // unmerges.
  explicit UnmergeStore(NotSameObserver on_not_same)
      : on_not_same_(on_not_same) {}

  absl::StatusOr<v1::UnmergeContactsResponse> Unmerge(
      const mysql::Tx& tx, const v1::UnmergeContactsRequest& request) const;

  // Each group is unmerged in a transaction of its own.
  absl::StatusOr<v1::UndoMergesResponse> UndoMerges(
      const mysql::Tx& tx, const v1::UndoMergesRequest& request) const;

 private:
  const NotSameObserver on_not_same_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_UNMERGE_STORE_H_
