#ifndef KITH_IDENTITY_SVC_VALUES_HANDLE_H_
#define KITH_IDENTITY_SVC_VALUES_HANDLE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "identity-svc/values/form.h"

namespace kith::identity {

// Reads a handle of a network: from "name", "@name", or an address of the
// profile in one of the forms that the network documents (`networks`). All
// other addresses, also those of other networks, are matched as a text, to the
// letter: they may name nobody, and must not name another. `name_space` is in
// lower case. A pure function, as are the following.
Form ReadHandle(absl::string_view text, absl::string_view name_space);

// Returns the namespace that handles of `name_space`, in lower case, are in:
// "x" for "twitter".
std::string HandleNamespace(absl::string_view name_space);

// Returns the namespace of the network that a text is the address of a profile
// in; empty if it is none.
std::string NamespaceOfProfile(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_HANDLE_H_
