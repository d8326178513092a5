#ifndef KITH_IDENTITY_SVC_VALUES_HANDLE_H_
#define KITH_IDENTITY_SVC_VALUES_HANDLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// What a handle in a social network is matched by: the name alone, without
// case, taken from "name", "@name" or the address of the profile. An address
// that leads to no profile ("https://x.com/search?q=a") is matched as a text,
// so that it is never mistaken for one. A pure function.
std::string NormalizeHandle(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_HANDLE_H_
