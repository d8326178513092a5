#ifndef KITH_IDENTITY_SVC_VALUES_PROFILE_ADDRESS_H_
#define KITH_IDENTITY_SVC_VALUES_PROFILE_ADDRESS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "identity-svc/values/networks.h"
#include "identity-svc/values/web_address.h"

namespace kith::identity {

// What an address of a network leads to, by the forms in `networks`. Pure
// functions.

// Returns the handle that an address leads to in the network.
std::optional<std::string> HandleAt(const Network& network,
                                    const WebAddress& address);

// Returns the handle in the path of an address whose host is left out, if its
// first word says that a name follows: "in/ada", "u/ada".
std::optional<std::string> HandleInPath(const Network& network,
                                        const WebAddress& address);

// Returns true if an address of a known network, or of any host where `network`
// is one that anybody runs, names nobody: the front page, a page that the
// network keeps for itself, such as "/search?q=ada", or a form without a name,
// such as "/in/". What is in the address bar of a browser is no identity. Call
// it for addresses without a handle.
bool NamesNobody(const Network* network, const WebAddress& whole);

// Returns a name without "@" and spaces before it.
std::string WithoutAt(absl::string_view text);

// Returns "+49 156 ..." as 49156...; nullopt if it is no number.
std::optional<std::string> BareDigits(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_PROFILE_ADDRESS_H_
