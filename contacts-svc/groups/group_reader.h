#ifndef KITH_CONTACTS_SVC_GROUPS_GROUP_READER_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUP_READER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "contacts-svc/members/contact_row.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// Read contacts as callers see them: contact_id is the id that was asked for;
// the other fields are those of its group. If none of the contacts is merged,
// this takes one statement. Else it reads them again on one snapshot, with
// three more statements or four, and more if there are over 500 members. So no
// group is seen half merged, and no contact both alone and in a group.

// Returns those of the contacts that exist, in no particular order.
// RESOURCE_EXHAUSTED if the answer would have more than kMaxMembersRead member
// ids.
absl::StatusOr<std::vector<v1::Contact>> ReadContacts(
    const mysql::Tx& tx, const std::vector<base::Uuid>& ids);

// NOT_FOUND if the contact does not exist.
absl::StatusOr<v1::Contact> ReadContact(const mysql::Tx& tx,
                                        const base::Uuid& id);

// The same after a write. `canonical` is the canonical row of the contact's
// group as the caller wrote it; if the group has one member, nothing is read.
absl::StatusOr<v1::Contact> ReadContact(const mysql::Tx& tx,
                                        const base::Uuid& id,
                                        const ContactRow& canonical);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUP_READER_H_
