#ifndef KITH_CONTACTS_SVC_MEMBERS_CONTACT_CHANGES_H_
#define KITH_CONTACTS_SVC_MEMBERS_CONTACT_CHANGES_H_

#include <cstdint>

#include "absl/status/status.h"
#include "common/mysql/tx.h"
#include "contacts-svc/members/contact_row.h"
#include "kith/changes/v1/change.pb.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// Add what happens to one contact to the feed. The caller holds the lock of the
// contact's group and calls these functions in the transaction that writes the
// row, at most once for each version of the row. They return ABORTED as
// feed::AddChanges does.

// `contact` is the row of the new contact.
absl::Status AddCreatedChange(const mysql::Tx& tx, const ContactRow& contact);

// `before` is the contact before the write, `contact` the row that was written.
// Adds a single change: if the contact was deleted or undeleted, that; else if
// its stage changed, that; else that it was updated.
absl::Status AddWrittenChange(const mysql::Tx& tx, const v1::Contact& before,
                              const ContactRow& contact);

// Returns a change of this contact with this version. The caller sets what
// happened.
changes::v1::Change ChangeOf(const ContactRow& row, uint64_t version);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_MEMBERS_CONTACT_CHANGES_H_
