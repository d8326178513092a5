#ifndef KITH_CONTACTS_SVC_MERGE_STORE_H_
#define KITH_CONTACTS_SVC_MERGE_STORE_H_

#include "absl/status/statusor.h"
#include "common/mysql/session.h"
#include "common/ops/clock.h"
#include "common/ops/request_context.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Joins contacts into groups. Takes requests that have been validated; answers
// with the codes of the RPC of the same name. Stateless.
class MergeStore {
 public:
  // `clock` outlives the store.
  explicit MergeStore(const ops::Clock& clock) : clock_(clock) {}

  absl::StatusOr<v1::MergeResponse> Merge(
      const ops::RequestContext& context, mysql::Session& session,
      const v1::MergeRequest& request) const;

 private:
  const ops::Clock& clock_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_MERGE_STORE_H_
