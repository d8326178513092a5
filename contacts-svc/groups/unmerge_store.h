#ifndef KITH_CONTACTS_SVC_GROUPS_UNMERGE_STORE_H_
#define KITH_CONTACTS_SVC_GROUPS_UNMERGE_STORE_H_

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "common/mysql/session.h"
#include "contacts-svc/groups/merge_edge_row.h"
#include "contacts-svc/groups/unmerge_plan.h"
#include "kith/contacts/v1/group.pb.h"

namespace kith::contacts {

// Unmerges contacts. Takes validated requests; returns the errors of the RPC of
// the same name. Stateless.
class UnmergeStore {
 public:
  // `clock` must outlive the store. The store calls `on_not_same` for each pair
  // of contacts that a person unmerges.
  UnmergeStore(const base::Clock& clock, NotSameObserver on_not_same)
      : clock_(clock), on_not_same_(on_not_same) {}

  absl::StatusOr<v1::UnmergeContactsResponse> Unmerge(
      const base::RequestContext& context, mysql::Session& session,
      const v1::UnmergeContactsRequest& request) const;

  // Each group is unmerged in a transaction of its own.
  absl::StatusOr<v1::UndoMergesResponse> UndoMerges(
      const base::RequestContext& context, mysql::Session& session,
      const v1::UndoMergesRequest& request) const;

 private:
  const base::Clock& clock_;
  const NotSameObserver on_not_same_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_UNMERGE_STORE_H_
