#ifndef KITH_CONTACTS_SVC_MEMBERS_CONTACT_TABLE_H_
#define KITH_CONTACTS_SVC_MEMBERS_CONTACT_TABLE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "contacts-svc/members/contact_row.h"

namespace kith::contacts {

// The SQL of the table `contacts`.

// By (tenant_id, contact_id).
extern const mysql::Statement kSelectContact;
extern const mysql::Statement kLockContact;

// By tenant_id and a list of contact_ids.
extern const mysql::Statement kSelectContacts;

// By (tenant_id, contact_id of the last page, limit).
extern const mysql::Statement kListContacts;

// What is in a row of one of these.
ContactRow FromRow(const mysql::Row& row);

// Adds the row of a contact that is alone. ALREADY_EXISTS where its id is
// taken.
absl::Status InsertContact(mysql::Session& session, uint64_t tenant_id,
                           const ContactRow& row);

// Writes the contact over its row, which the transaction has locked, and moves
// its version and update_time on.
absl::Status WriteContact(mysql::Session& session, uint64_t tenant_id,
                          ContactRow& row, absl::Time now);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_MEMBERS_CONTACT_TABLE_H_
