#ifndef KITH_COMMON_API_CONTACT_FIELDS_H_
#define KITH_COMMON_API_CONTACT_FIELDS_H_

#include "common/api/violations.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::api {

// Rules for the field `contact` of a request. contacts-svc keeps them; the
// gateway checks them before it writes anything in another service.

// Adds the faults of the fields that a caller may set, against the limits that
// the proto documents.
void CheckContact(Violations& violations, const contacts::v1::Contact& contact);

// The same for a contact that EnsureContact may create, which is never FORMER.
void CheckEnsuredContact(Violations& violations,
                         const contacts::v1::Contact& contact);

}  // namespace kith::api

#endif  // KITH_COMMON_API_CONTACT_FIELDS_H_
