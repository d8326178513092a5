#ifndef KITH_CONTACTS_SVC_CONTACT_CHANGES_H_
#define KITH_CONTACTS_SVC_CONTACT_CHANGES_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"
#include "common/ops/request_context.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Tells the feed of a contact, in the transaction that has written its row: one
// change for each version of the row. ABORTED as mysql::AddChanges.

absl::Status NoteCreated(mysql::Session& session,
                         const ops::RequestContext& context, absl::Time now,
                         const v1::Contact& contact);

// `before` as it was, `contact` as it was written.
absl::Status NoteWritten(mysql::Session& session,
                         const ops::RequestContext& context, absl::Time now,
                         const v1::Contact& before, const v1::Contact& contact);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_CONTACT_CHANGES_H_
