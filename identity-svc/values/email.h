#ifndef KITH_IDENTITY_SVC_VALUES_EMAIL_H_
#define KITH_IDENTITY_SVC_VALUES_EMAIL_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// Returns true if `text` has an '@' with something on both sides.
bool LooksLikeEmail(absl::string_view text);

// Returns the normalised form of an e-mail address: the local part case-folded,
// the domain in its ASCII form (IDNA 2008, UTS #46, non-transitional). Applies
// no rules of providers: "a.b+c@gmail.com" stays as it is. A text that is no
// address is only case-folded. A pure function.
std::string NormalizeEmail(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_EMAIL_H_
