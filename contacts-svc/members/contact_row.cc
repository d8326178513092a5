#include "contacts-svc/members/contact_row.h"

#include "absl/strings/str_cat.h"

namespace kith::contacts {

std::string Etag(const ContactRow& canonical) {
  if (canonical.alone()) return absl::StrCat(canonical.version);
  return absl::StrCat(canonical.version, "-",
                      canonical.canonical_id.ToString());
}

v1::Contact ShowAlone(const ContactRow& row) {
  v1::Contact contact = row.contact;
  contact.clear_form_fields();
  contact.set_etag(Etag(row));
  return contact;
}

}  // namespace kith::contacts
