#include "contacts-svc/members/form_fields.h"

#include <algorithm>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace kith::contacts {

using google::protobuf::FieldDescriptor;

bool HasValue(const v1::Contact& contact, const FieldDescriptor& field) {
  const auto& reflection = *v1::Contact::GetReflection();
  if (field.is_repeated()) return reflection.FieldSize(contact, &field) > 0;
  if (field.message_type() == nullptr) {
    return reflection.HasField(contact, &field);
  }
  return reflection.GetMessage(contact, &field).ByteSizeLong() > 0;
}

std::string AttributePath(absl::string_view key) {
  return absl::StrCat("attributes.", key);
}

void SetFormFields(v1::Contact& contact) {
  contact.clear_form_fields();
  for (const char* name : kFillable) {
    const FieldDescriptor& field =
        *v1::Contact::descriptor()->FindFieldByName(name);
    if (!HasValue(contact, field)) continue;
    if (!field.is_map()) {
      AddFormField(name, contact);
      continue;
    }
    std::set<std::string> keys;
    for (const auto& [key, value] : contact.attributes()) keys.insert(key);
    for (const std::string& key : keys) {
      AddFormField(AttributePath(key), contact);
    }
  }
}

void AddFormField(absl::string_view path, v1::Contact& contact) {
  contact.mutable_form_fields()->add_paths(std::string(path));
}

void ClearFormField(absl::string_view path, v1::Contact& contact) {
  if (!contact.has_form_fields()) return;
  auto& paths = *contact.mutable_form_fields()->mutable_paths();
  const std::string keys = absl::StrCat(path, ".");
  paths.erase(std::remove_if(paths.begin(), paths.end(),
                             [&](const std::string& known) {
                               return known == path ||
                                      absl::StartsWith(known, keys);
                             }),
              paths.end());
  if (paths.empty()) contact.clear_form_fields();
}

bool IsOfForm(const v1::Contact& contact, absl::string_view path) {
  return absl::c_linear_search(contact.form_fields().paths(), path);
}

bool IsOnlyOfForm(const v1::Contact& contact, const FieldDescriptor& field) {
  if (!contact.has_form_fields() || !HasValue(contact, field)) {
    return false;
  }
  if (!field.is_map()) return IsOfForm(contact, field.name());
  return absl::c_all_of(contact.attributes(), [&](const auto& attribute) {
    return IsOfForm(contact, AttributePath(attribute.first));
  });
}

}  // namespace kith::contacts
