#include "common/auth/acting_person.h"

#include "absl/strings/str_cat.h"
#include "common/auth/scopes.h"

namespace kith::auth {

absl::StatusOr<std::string> ActingPerson(const base::Principal& caller,
                                         absl::string_view field,
                                         absl::string_view stated) {
  if (!caller.person.empty()) {
    if (stated.empty() || stated == caller.person) return caller.person;
    return absl::PermissionDeniedError(
        absl::StrCat(field,
                     ": not the person of the token, want it unset, or the "
                     "name in the token"));
  }
  if (stated.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, ": not set, want the name of a person"));
  }
  if (!caller.scopes.contains(kAssertActorsScope)) {
    return absl::PermissionDeniedError(
        absl::StrCat(field, ": set, for which the API key lacks the scope ",
                     kAssertActorsScope));
  }
  return std::string(stated);
}

}  // namespace kith::auth
