#ifndef KITH_CONTACTS_SVC_MEMBERS_FORM_FIELDS_H_
#define KITH_CONTACTS_SVC_MEMBERS_FORM_FIELDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::contacts {

// Which fields of a contact only an UNAUTHENTICATED caller, such as a public
// form, has set (Contact.form_fields): whoever has the form could else name a
// customer for good. Pure functions.

// The fields that a touch may fill, in the order of their numbers; but kind and
// attribution, which have rules of their own, only if a form alone has said
// them.
inline constexpr const char* kFillable[] = {
    "kind",       "display_name", "given_name",  "family_name", "roles",
    "account_id", "owner",        "attribution", "attributes",  "labels"};

// Returns true if the field has a value. An empty message is none.
bool HasValue(const v1::Contact& contact,
              const google::protobuf::FieldDescriptor& field);

// Returns the path of a key of attributes.
std::string AttributePath(absl::string_view key);

// Notes of a new contact that a form has set all of kFillable that it has.
void SetFormFields(v1::Contact& contact);

// Notes that a form has set the field.
void AddFormField(absl::string_view path, v1::Contact& contact);

// Notes that somebody else has set the field, or the key of attributes. With
// "attributes", all of its keys.
void ClearFormField(absl::string_view path, v1::Contact& contact);

// Returns true if only a form has set the field, or the key of attributes.
bool IsOfForm(const v1::Contact& contact, absl::string_view path);

// Returns true if the field has a value that only a form has set. Of
// attributes: if all of its keys are so.
bool IsOnlyOfForm(const v1::Contact& contact,
                  const google::protobuf::FieldDescriptor& field);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_MEMBERS_FORM_FIELDS_H_
