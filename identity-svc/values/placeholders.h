#ifndef KITH_IDENTITY_SVC_VALUES_PLACEHOLDERS_H_
#define KITH_IDENTITY_SVC_VALUES_PLACEHOLDERS_H_

#include <string>

#include "identity-svc/values/form.h"
#include "kith/config/v1/config.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// Returns in words why a value is a placeholder, that is, what people and
// systems enter if a form requires a value; an identity made of it would join
// strangers. Returns an empty text if the value may be somebody's. `identity`
// has channel, namespace, value and normalized_value, `form` what is known of a
// phone number. The tenant's own list also counts. A pure function.
std::string PlaceholderReason(const v1::Identity& identity, const Form& form,
                              const config::v1::Tenant& tenant);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_PLACEHOLDERS_H_
