#ifndef KITH_CONTACTS_SVC_GROUPS_MERGE_HISTORY_H_
#define KITH_CONTACTS_SVC_GROUPS_MERGE_HISTORY_H_

#include "absl/status/statusor.h"
#include "common/mysql/tx.h"
#include "kith/contacts/v1/group.pb.h"

namespace kith::contacts {

// Returns a page of the edges at the members of a contact's group, read on one
// snapshot. An edge is under its survivor; if the survivor is not a member any
// more, under the absorbed contact. NOT_FOUND if there is no such contact.
// Takes a request that has been validated.
absl::StatusOr<v1::ListMergeHistoryResponse> ReadMergeHistory(
    const mysql::Tx& tx, const v1::ListMergeHistoryRequest& request);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_MERGE_HISTORY_H_
