#ifndef KITH_CONTACTS_SVC_MEMBERS_CONTACT_FIELDS_H_
#define KITH_CONTACTS_SVC_MEMBERS_CONTACT_FIELDS_H_

#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "contacts-svc/members/contact_row.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/field_mask.pb.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// The rules for the fields of one contact; group_fields has those for a group.
// Pure functions.

// Returns the row of a new contact that is not merged. The fields that a caller
// may choose come from `fields`; kind is PERSON and stage LEAD unless set.
// Whether a name makes a LEAD is for MakeLeadIfNamed.
ContactRow NewContact(const base::Uuid& id, const v1::Contact& fields,
                      absl::Time now);

// Returns true if attribution `a` replaces `b`: `a` has a touch_time, and `b`
// has none or a later one.
bool IsEarlier(const v1::Attribution& a, const v1::Attribution& b);

// Who has a name is no anonymous visitor: makes an ANONYMOUS stage a LEAD if
// the new contact has a display, given or family name. Not for an
// UNAUTHENTICATED caller: a public form names nobody.
void MakeLeadIfNamed(v1::Contact& fields);

// Takes out of the request that the contact is more than a LEAD: what anybody
// may say, such as a public form, makes nobody a CUSTOMER.
void MakeNoCustomer(v1::EnsureContactRequest& request);

// Moves the stage up to at_least_stage unless it is FORMER, as of stage_time if
// the request has one and it is not later than `now`; moves later times of this
// and lower stages back to it; and replaces the attribution if the request's
// has an earlier touch_time. Returns true if anything changed.
bool ApplyEnsure(const v1::EnsureContactRequest& request, absl::Time now,
                 v1::Contact& contact);

// Returns true if a field of the contact itself has a value, or an update has
// cleared it.
bool WasSet(const ContactRow& row,
            const google::protobuf::FieldDescriptor& field);

// Copies those of kFillable into the row that were never set there, or only by
// a form, and of attributes such keys. They are no longer a form's then. An
// ANONYMOUS contact that gets a name becomes a LEAD. Returns the fields that it
// set, in the order of their numbers. A repeat changes nothing.
google::protobuf::FieldMask FillFields(const v1::Contact& fields,
                                       absl::Time now, ContactRow& row);

// Copies the fields of update_mask into the row, and records in set_fields that
// they were set, and not by a form alone. An ANONYMOUS contact that gets a name
// becomes a LEAD, also if the mask has the stage ANONYMOUS; a later update of
// the stage alone may take that back.
void ApplyMask(const v1::UpdateContactRequest& request, absl::Time now,
               ContactRow& row);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_MEMBERS_CONTACT_FIELDS_H_
