#ifndef KITH_CONTACTS_SVC_GROUPS_GROUP_CHANGES_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUP_CHANGES_H_

#include <vector>

#include "absl/status/status.h"
#include "common/mysql/tx.h"
#include "contacts-svc/groups/merge_edge_row.h"
#include "contacts-svc/members/contact_row.h"

namespace kith::contacts {

// Add merges and unmerges to the feed. The caller holds the group's lock and
// calls these functions in the transaction that writes the group. They return
// ABORTED as feed::AddChanges does.

// `edges` are the new edges; `canonical` is the canonical contact's row as it
// was written.
absl::Status AddMergedChange(const mysql::Tx& tx, const ContactRow& canonical,
                             const std::vector<EdgeRow>& edges);

// `edges` are the edges that the unmerge removed; `canonical` is the canonical
// contact's row as it was before. The unmerge adds 1 to that row's version, so
// the change carries version + 1.
absl::Status AddUnmergedChange(const mysql::Tx& tx, const ContactRow& canonical,
                               const std::vector<EdgeRow>& edges);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUP_CHANGES_H_
