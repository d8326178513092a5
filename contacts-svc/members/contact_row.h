#ifndef KITH_CONTACTS_SVC_MEMBERS_CONTACT_ROW_H_
#define KITH_CONTACTS_SVC_MEMBERS_CONTACT_ROW_H_

#include <cstdint>
#include <string>

#include "common/base/uuid.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// A row of `contacts`: one contact, and its columns about its group.
struct ContactRow {
  // The contact's own fields, not the group's, and its form_fields. etag is not
  // set.
  v1::Contact contact;
  base::Uuid id;
  base::Uuid canonical_id;

  // Rises with every write to the row. That of a canonical row also rises with
  // every change of the group.
  uint64_t version = 1;

  // Bit n is 1 if an update has set field n of Contact; the field then counts
  // as set even if it is empty.
  uint64_t set_fields = 0;

  // Members and edges of the group. Valid only in a canonical row.
  int64_t group_size = 1;
  int64_t group_edges = 0;
  // Greatest order of an edge that any member ever had. Valid only in a
  // canonical row.
  int64_t edge_order = 0;

  bool canonical() const { return canonical_id == id; }

  // True if the contact is the only member of its group.
  bool alone() const { return canonical() && group_size == 1; }
};

// Returns the etag of a group, which changes with every write to any member:
// the version of the canonical row and, if the group has other members, its id.
std::string Etag(const ContactRow& canonical);

// Returns the contact of a row that is alone, as callers see it.
v1::Contact ShowAlone(const ContactRow& row);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_MEMBERS_CONTACT_ROW_H_
