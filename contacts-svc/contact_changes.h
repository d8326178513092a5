#ifndef KITH_CONTACTS_SVC_CONTACT_CHANGES_H_
#define KITH_CONTACTS_SVC_CONTACT_CHANGES_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"
#include "common/ops/request_context.h"
#include "contacts-svc/contact_row.h"
#include "contacts-svc/merge_edge_row.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Tells the feed of a contact, in the transaction that has written its row
// under the lock of its group: at most one change for each version of the row.
// ABORTED as mysql::AddChanges.

absl::Status NoteCreated(mysql::Session& session,
                         const ops::RequestContext& context, absl::Time now,
                         const ContactRow& contact);

// `before` as it was, `contact` as it was written.
absl::Status NoteWritten(mysql::Session& session,
                         const ops::RequestContext& context, absl::Time now,
                         const v1::Contact& before, const ContactRow& contact);

// The new edges of a group, and the row that stands for it, as written.
absl::Status NoteMerged(mysql::Session& session,
                        const ops::RequestContext& context, absl::Time now,
                        const ContactRow& canonical,
                        const std::vector<EdgeRow>& edges);

// The edges that were taken back, and the row that stood for the group, as it
// was before: whatever becomes of it, this moves its version on by one.
absl::Status NoteUnmerged(mysql::Session& session,
                          const ops::RequestContext& context, absl::Time now,
                          const ContactRow& canonical,
                          const std::vector<EdgeRow>& edges);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_CONTACT_CHANGES_H_
