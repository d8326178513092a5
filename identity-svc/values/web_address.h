#ifndef KITH_IDENTITY_SVC_VALUES_WEB_ADDRESS_H_
#define KITH_IDENTITY_SVC_VALUES_WEB_ADDRESS_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace kith::identity {

// The address of a web page.
struct WebAddress {
  // True if the text says "http://" or "https://".
  bool has_scheme = false;

  // In lower case, without port and final dot. Empty if the address is of no
  // web page: it has another scheme, a user name or an unusual port.
  std::string host;

  // The path's parts that are not empty, percent-decoded.
  std::vector<std::string> path;

  // The parameters, percent-decoded.
  std::vector<std::pair<std::string, std::string>> query;
};

// Returns the address that a text is, if it were one: a text without scheme and
// slash is a host. Nullopt if its percent-encoding is broken, or hides a slash
// or a control character. A pure function, as is the following.
std::optional<WebAddress> ParseWebAddress(absl::string_view text);

// Returns true if the text begins with a scheme and "://", or with "//".
bool HasScheme(absl::string_view text);

// Returns a text with its percent-encoded characters decoded. Nullopt if the
// result is no UTF-8, or has a control character or another "%" in it.
std::optional<std::string> PercentDecode(absl::string_view text);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_WEB_ADDRESS_H_
