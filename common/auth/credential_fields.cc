#include "common/auth/credential_fields.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "common/api/violations.h"

namespace kith::auth {

bool IsCredentialId(absl::string_view text) {
  return text.size() >= 4 && text.size() <= 32 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c);
         });
}

bool IsScope(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  return parts.size() == 2 && api::IsName(parts[0]) && api::IsName(parts[1]);
}

}  // namespace kith::auth
