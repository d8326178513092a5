#ifndef KITH_IDENTITY_SVC_VALUES_EMAIL_H_
#define KITH_IDENTITY_SVC_VALUES_EMAIL_H_

#include "absl/strings/string_view.h"
#include "identity-svc/values/form.h"

namespace kith::identity {

// Returns true if `text` has an '@' with something on both sides. It may be
// percent-encoded in a link: "mailto:ada%40example.com".
bool LooksLikeEmail(absl::string_view text);

// Reads an e-mail address as headers (RFC 5322), address books and links spell
// it: "Ada Q <ada@example.com>", "mailto:ada@example.com", with comments and
// invisible marks. The form has the local part case-folded and the domain in
// ASCII (IDNA 2008, UTS #46, non-transitional). Applies no rules of providers:
// "a.b+c@gmail.com" stays as it is.
//
// Refuses what is no address, has a domain that cannot be, or is two addresses.
// A pure function.
Form ReadEmail(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_EMAIL_H_
