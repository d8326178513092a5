#ifndef KITH_CONTACTS_SVC_GROUPS_GROUP_FIELDS_H_
#define KITH_CONTACTS_SVC_GROUPS_GROUP_FIELDS_H_

#include <vector>

#include "contacts-svc/members/contact_row.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// Returns the group as one Contact, with the fields, ids, times and etag that
// the comment of the Contact message describes. contact_id is the canonical
// contact's id. `others` are the other members, in any order. A pure function.
v1::Contact ShowGroup(const ContactRow& canonical,
                      std::vector<const ContactRow*> others);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_GROUP_FIELDS_H_
