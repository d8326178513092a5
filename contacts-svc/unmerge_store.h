#ifndef KITH_CONTACTS_SVC_UNMERGE_STORE_H_
#define KITH_CONTACTS_SVC_UNMERGE_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/session.h"
#include "common/ops/clock.h"
#include "common/ops/request_context.h"
#include "common/ops/uuid.h"
#include "contacts-svc/merge_edge_row.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Groups that were taken apart, and from which edge of the cause to go on.
struct UnmergedPage {
  std::vector<v1::UnmergedGroup> groups;
  // Nullopt on the last page.
  std::optional<ops::Uuid> last;
};

// Takes groups apart. Takes requests that have been validated; answers with the
// codes of the RPC of the same name. Stateless.
class UnmergeStore {
 public:
  // `clock` outlives the store.
  explicit UnmergeStore(const ops::Clock& clock) : clock_(clock) {}

  absl::StatusOr<v1::UnmergedGroup> Unmerge(
      const ops::RequestContext& context, mysql::Session& session,
      const v1::UnmergeRequest& request) const;

  // The groups of the next `limit` edges of the cause behind the edge `after`,
  // each in a transaction of its own.
  absl::StatusOr<UnmergedPage> UnmergeByCause(
      const ops::RequestContext& context, mysql::Session& session,
      const v1::UnmergeByCauseRequest& request, const ops::Uuid& after,
      int32_t limit) const;

 private:
  const ops::Clock& clock_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_UNMERGE_STORE_H_
