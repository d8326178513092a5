#ifndef KITH_IDENTITY_SVC_VALUES_HANDLE_H_
#define KITH_IDENTITY_SVC_VALUES_HANDLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// Returns the normalised form of a handle in a social network: the name alone,
// case-folded, taken from "name", "@name" or the address of the profile. An
// address that leads to no profile ("https://x.com/search?q=a") is kept as a
// text, so that it is never taken for a handle. A pure function.
std::string NormalizeHandle(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_HANDLE_H_
