#ifndef KITH_CONTACTS_SVC_GROUPS_GROUP_FIELDS_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUP_FIELDS_H_

#include <vector>

#include "contacts-svc/members/contact_row.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// The group as callers see it, by the rules at the Contact message: its fields,
// ids, times and etag. contact_id is the canonical one. `others` come in any
// order. A pure function.
v1::Contact ShowGroup(const ContactRow& canonical,
                      std::vector<const ContactRow*> others);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUP_FIELDS_H_
