#ifndef KITH_CONTACTS_SVC_GROUPS_GROUP_READER_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUP_READER_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "contacts-svc/members/contact_row.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// Reads contacts as callers see them: with the fields and ids of their groups,
// contact_id being the one asked for. Where all are alone, they cost one
// statement; else a snapshot with three more, so that no group is seen half
// merged, and no contact alone and in a group at once.

// Those that are there, in no order. RESOURCE_EXHAUSTED where the answer would
// have more than kMaxMembersRead member ids.
absl::StatusOr<std::vector<v1::Contact>> ReadContacts(
    mysql::Session& session, uint64_t tenant_id,
    const std::vector<base::Uuid>& ids);

// NOT_FOUND where it is not there.
absl::StatusOr<v1::Contact> ReadContact(mysql::Session& session,
                                        uint64_t tenant_id,
                                        const base::Uuid& id);

// The contact of a canonical row that was just written, read by `id`.
absl::StatusOr<v1::Contact> ReadContact(mysql::Session& session,
                                        uint64_t tenant_id,
                                        const base::Uuid& id,
                                        const ContactRow& canonical);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUP_READER_H_
