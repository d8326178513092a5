#ifndef KITH_CONTACTS_SVC_MEMBERS_CONTACT_ROW_H_
#define KITH_CONTACTS_SVC_MEMBERS_CONTACT_ROW_H_

#include <cstdint>
#include <string>

#include "common/base/uuid.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// A row of `contacts`: a contact by itself, and what it knows of its group.
struct ContactRow {
  // Its own fields, whatever the group shows; no etag.
  v1::Contact contact;
  base::Uuid id;
  base::Uuid canonical_id;

  // Moves on with every write to the row, and in the canonical one with every
  // change of the group.
  uint64_t version = 1;

  // Bit n: an update has named field n of Contact, so that it counts as set
  // even where it is empty.
  uint64_t set_fields = 0;

  // Of the group that it stands for; meaningless in another member's row.
  int64_t group_size = 1;
  int64_t group_edges = 0;
  // The greatest order of an edge that any member ever had.
  int64_t edge_order = 0;

  bool canonical() const { return canonical_id == id; }

  // Whether its group has no other member.
  bool alone() const { return canonical() && group_size == 1; }
};

// Changes with every write to any of the group: it names the canonical contact,
// whose row's version it carries.
std::string Etag(const ContactRow& canonical);

// The contact of a row that is alone, as callers see it.
v1::Contact ShowAlone(const ContactRow& row);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_MEMBERS_CONTACT_ROW_H_
