#ifndef KITH_CONTACTS_SVC_GROUPS_UNMERGE_STORE_H_
#define KITH_CONTACTS_SVC_GROUPS_UNMERGE_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "contacts-svc/groups/merge_edge_row.h"
#include "contacts-svc/groups/unmerge_plan.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Groups that were taken apart, and from which edge of the cause to go on.
struct UnmergedPage {
  std::vector<v1::UnmergedGroup> groups;
  // Nullopt on the last page.
  std::optional<base::Uuid> last;
};

// Takes groups apart. Takes requests that have been validated; answers with the
// codes of the RPC of the same name. Stateless.
class UnmergeStore {
 public:
  // `clock` outlives the store. The store calls `on_not_same` for each pair of
  // contacts that a person unmerges.
  UnmergeStore(const base::Clock& clock, NotSameObserver on_not_same)
      : clock_(clock), on_not_same_(on_not_same) {}

  absl::StatusOr<v1::UnmergedGroup> Unmerge(
      const base::RequestContext& context, mysql::Session& session,
      const v1::UnmergeRequest& request) const;

  // The groups of the next `limit` edges of the cause behind the edge `after`,
  // each in a transaction of its own.
  absl::StatusOr<UnmergedPage> UnmergeByCause(
      const base::RequestContext& context, mysql::Session& session,
      const v1::UnmergeByCauseRequest& request, const base::Uuid& after,
      int32_t limit) const;

 private:
  const base::Clock& clock_;
  const NotSameObserver on_not_same_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_UNMERGE_STORE_H_
