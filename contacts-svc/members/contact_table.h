#ifndef KITH_CONTACTS_SVC_MEMBERS_CONTACT_TABLE_H_
#define KITH_CONTACTS_SVC_MEMBERS_CONTACT_TABLE_H_

#include "absl/status/status.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "common/mysql/tx.h"
#include "contacts-svc/members/contact_row.h"

namespace kith::contacts {

// The SQL of the table `contacts`.

// Bound: tenant_id, contact_id.
extern const mysql::Statement kSelectContact;
extern const mysql::Statement kLockContact;

// Bound: tenant_id, list of contact_ids.
extern const mysql::Statement kSelectContacts;

// Bound: tenant_id, last contact_id of the page before, limit.
extern const mysql::Statement kListContacts;

// Returns the contact in a row that one of these statements reads.
ContactRow FromRow(const mysql::Row& row);

// Inserts the row of a contact that is alone. ALREADY_EXISTS if its id is
// taken.
absl::Status InsertContact(const mysql::Tx& tx, const ContactRow& row);

// Writes the contact's own fields to its row, which the transaction has locked.
// Adds 1 to its version and sets its update_time to tx.now, also in `row`.
absl::Status WriteContact(const mysql::Tx& tx, ContactRow& row);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_MEMBERS_CONTACT_TABLE_H_
