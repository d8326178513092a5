#ifndef KITH_COMMON_AUTH_ISSUER_VALIDATION_H_
#define KITH_COMMON_AUTH_ISSUER_VALIDATION_H_

#include <string>
#include <vector>

#include "common/auth/tenants.h"
#include "kith/config/v1/config.pb.h"

namespace kith::auth {

// Returns a line for each fault of an issuers file; none if it is good. See
// config.proto for the rules. What is in the JWKS files is not looked at.
std::vector<std::string> FaultsOf(const config::v1::IssuersFile& file,
                                  const Tenants& tenants);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_ISSUER_VALIDATION_H_
