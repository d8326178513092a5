#ifndef KITH_IDENTITY_SVC_VALUES_EMAIL_H_
#define KITH_IDENTITY_SVC_VALUES_EMAIL_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// Whether `text` has an '@' with something on both sides.
bool LooksLikeEmail(absl::string_view text);

// What an e-mail address is matched by: the local part without case, the
// domain in its ASCII form (IDNA 2008, UTS #46, non-transitional). No tricks of
// providers: "a.b+c@gmail.com" stays as it is. What is no address is matched
// as a text without case. A pure function.
std::string NormalizeEmail(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_EMAIL_H_
