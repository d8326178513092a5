#ifndef KITH_COMMON_AUTH_ACTING_PERSON_H_
#define KITH_COMMON_AUTH_ACTING_PERSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/request_context.h"

namespace kith::auth {

// Returns the name of the person for whom a request is made: that of the token,
// or the one that the field `field` states, for which an API key needs the
// scope actors.assert. INVALID_ARGUMENT if neither names one; PERMISSION_DENIED
// if the caller may not state this one.
absl::StatusOr<std::string> ActingPerson(const base::Principal& caller,
                                         absl::string_view field,
                                         absl::string_view stated);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_ACTING_PERSON_H_
