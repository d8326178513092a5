#include "common/auth/scopes.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace kith::auth {

absl::Status CheckScopes(const base::Principal& principal,
                         absl::Span<const absl::string_view> scopes) {
  std::vector<absl::string_view> lacking;
  for (const absl::string_view scope : scopes) {
    if (!principal.scopes.contains(scope)) lacking.push_back(scope);
  }
  if (lacking.empty()) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat(principal.person.empty() ? "the API key" : "the token",
                   " lacks the scope", lacking.size() > 1 ? "s " : " ",
                   absl::StrJoin(lacking, ", ")));
}

}  // namespace kith::auth
