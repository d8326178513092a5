#ifndef KITH_COMMON_API_CONTACT_FIELDS_H_
#define KITH_COMMON_API_CONTACT_FIELDS_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/api/violations.h"
#include "google/protobuf/timestamp.pb.h"
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

// True if the contact has a display, given or family name.
bool HasName(const contacts::v1::Contact& contact);

// Adds a fault if a valid `time` is none of an attribution: before 1990, such
// as the zero time of Go and .NET, or more than a day ahead of `now`. An
// earlier time replaces a later one, so that a wrong one would stay for ever.
void CheckTouchTime(Violations& violations, absl::string_view field,
                    const google::protobuf::Timestamp& time, absl::Time now);

}  // namespace kith::api

#endif  // KITH_COMMON_API_CONTACT_FIELDS_H_
