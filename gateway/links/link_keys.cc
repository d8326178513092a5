#include "gateway/links/link_keys.h"

#include "absl/strings/str_cat.h"
#include "common/auth/key_lines.h"
#include "common/base/sha256.h"
#include "common/base/text_file.h"
#include "common/status/status_macros.h"

namespace kith::gateway {

absl::StatusOr<LinkKeys> LinkKeys::Load(const std::string& file) {
  KITH_ASSIGN_OR_RETURN(const std::string text, base::ReadFile(file));
  auto keys = auth::ParseKeyLines(text);
  if (keys.ok()) return LinkKeys(*std::move(keys));
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": ", keys.status().message()));
}

std::vector<std::string> LinkKeys::For(absl::string_view use) const {
  std::vector<std::string> keys;
  keys.reserve(keys_.size());
  for (const std::string& key : keys_) {
    keys.push_back(base::HmacSha256(key, use));
  }
  return keys;
}

}  // namespace kith::gateway
