#ifndef KITH_CONTACTS_SVC_MEMBERS_CONTACT_FIELDS_H_
#define KITH_CONTACTS_SVC_MEMBERS_CONTACT_FIELDS_H_

#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "contacts-svc/members/contact_row.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// The rules of how the fields of one contact come about; those of a group are
// in group_fields. Pure functions.

// A contact as it begins, with the fields that a caller may choose taken from
// `fields`.
ContactRow NewContact(const base::Uuid& id, const v1::Contact& fields,
                      absl::Time now);

// Whether `a` takes the place of `b`.
bool IsEarlier(const v1::Attribution& a, const v1::Attribution& b);

// Moves the stage up to at_least_stage, and takes an attribution with an
// earlier touch_time. Answers whether anything changed.
bool Raise(const v1::EnsureContactRequest& request, absl::Time now,
           v1::Contact& contact);

// Copies the fields in update_mask, and notes that they were set.
void ApplyMask(const v1::UpdateContactRequest& request, absl::Time now,
               ContactRow& row);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_MEMBERS_CONTACT_FIELDS_H_
