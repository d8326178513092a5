#ifndef KITH_IDENTITY_SVC_VALUES_EMAIL_DOMAIN_H_
#define KITH_IDENTITY_SVC_VALUES_EMAIL_DOMAIN_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith::identity {

// The domain of an e-mail address.
struct EmailDomain {
  // In ASCII and lower case, without the final dot.
  std::string ascii = {};

  // Why no mail can be sent to it, in words; empty if it may.
  std::string refusal = {};
};

// Reads a domain name, or an address in brackets ("[192.0.2.1]"). Does not ask
// the DNS. A pure function.
EmailDomain ReadEmailDomain(absl::string_view domain);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_EMAIL_DOMAIN_H_
