#ifndef KITH_CONTACTS_SVC_CONTACT_ROW_H_
#define KITH_CONTACTS_SVC_CONTACT_ROW_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Between a contact and its row in `contacts`.

// By (tenant_id, contact_id).
extern const mysql::Statement kSelectContact;
extern const mysql::Statement kLockContact;

// By tenant_id and a list of contact_ids.
extern const mysql::Statement kSelectContacts;

// By (tenant_id, contact_id of the last page, limit).
extern const mysql::Statement kListContacts;

// The contact in a row of one of these.
v1::Contact FromRow(const mysql::Row& row);

// Adds the contact's row. ALREADY_EXISTS where its id is taken.
absl::Status Insert(mysql::Session& session, uint64_t tenant_id,
                    const v1::Contact& contact);

// Writes the contact over its row, which the transaction has locked, and moves
// its etag and update_time on.
absl::Status Write(mysql::Session& session, uint64_t tenant_id,
                   v1::Contact& contact, absl::Time now);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_CONTACT_ROW_H_
