#ifndef KITH_CONTACTS_SVC_GROUPS_MERGE_STORE_H_
#define KITH_CONTACTS_SVC_GROUPS_MERGE_STORE_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/request_log.h"
#include "common/mysql/tx.h"
#include "kith/contacts/v1/group.pb.h"

namespace kith::contacts {

// Merges contacts into groups. Takes validated requests; returns the errors of
// the RPC of the same name. Stateless.
class MergeStore {
 public:
  absl::StatusOr<v1::MergeContactsResponse> Merge(
      const mysql::Tx& tx, const v1::MergeContactsRequest& request) const;

  // Merges as part of another kind of request, which `key` identifies. Unless
  // that request was carried out before, `also` runs first, in the same
  // transaction, under the locks of all groups.
  absl::StatusOr<v1::MergeContactsResponse> MergeAs(
      const mysql::Tx& tx, const v1::MergeContactsRequest& request,
      const mysql::IdempotencyKey& key,
      absl::FunctionRef<absl::Status()> also) const;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_MERGE_STORE_H_
