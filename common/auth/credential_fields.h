#ifndef KITH_COMMON_AUTH_CREDENTIAL_FIELDS_H_
#define KITH_COMMON_AUTH_CREDENTIAL_FIELDS_H_

#include "absl/strings/string_view.h"

namespace kith::auth {

// Returns true if `text` can be the id of an API key or an issuer:
// [a-z0-9]{4,32}.
bool IsCredentialId(absl::string_view text);

// Returns true if `text` can be a scope: <area>.<right>, such as
// "contacts.read".
bool IsScope(absl::string_view text);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_CREDENTIAL_FIELDS_H_
