#ifndef KITH_CONTACTS_SVC_GROUPS_MERGE_STORE_H_
#define KITH_CONTACTS_SVC_GROUPS_MERGE_STORE_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "common/mysql/request_log.h"
#include "common/mysql/session.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Joins contacts into groups. Takes requests that have been validated; answers
// with the codes of the RPC of the same name. Stateless.
class MergeStore {
 public:
  // `clock` outlives the store.
  explicit MergeStore(const base::Clock& clock) : clock_(clock) {}

  absl::StatusOr<v1::MergeResponse> Merge(
      const base::RequestContext& context, mysql::Session& session,
      const v1::MergeRequest& request) const;

  // Merges for a request of another kind, known by `key`: where it was not
  // carried out before, `also` runs first, in the same transaction, under the
  // locks of all groups.
  absl::StatusOr<v1::MergeResponse> Merge(
      const base::RequestContext& context, mysql::Session& session,
      const v1::MergeRequest& request, const mysql::Request& key,
      absl::FunctionRef<absl::Status()> also) const;

 private:
  const base::Clock& clock_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_MERGE_STORE_H_
