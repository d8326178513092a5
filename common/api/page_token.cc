#include "common/api/page_token.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/api/violations.h"
#include "common/base/sha256.h"

namespace kith::api {
namespace {

constexpr size_t kSeal = 8;

// Over the position too, so that a token that was tampered with is refused.
std::string Seal(absl::string_view position, absl::string_view binding) {
  return base::Sha256(absl::StrCat(position.size(), ":", position, binding))
      .substr(0, kSeal);
}

}  // namespace

absl::Status InvalidPageTokenError() {
  Violations violations;
  violations.Add("page_token",
                 "not one that this request was given; want next_page_token "
                 "of a page with the same filters, or none to begin anew");
  return violations.ToStatus();
}

std::string MakePageToken(absl::string_view position,
                          absl::string_view binding) {
  return absl::WebSafeBase64Escape(
      absl::StrCat(Seal(position, binding), position));
}

absl::StatusOr<std::string> ReadPageToken(absl::string_view token,
                                          absl::string_view binding) {
  if (token.empty()) return std::string();
  std::string bytes;
  if (absl::WebSafeBase64Unescape(token, &bytes) && bytes.size() >= kSeal) {
    const std::string position = bytes.substr(kSeal);
    if (bytes.substr(0, kSeal) == Seal(position, binding)) return position;
  }
  return InvalidPageTokenError();
}

int32_t PageSize(int32_t page_size, int32_t standard, int32_t most) {
  return page_size == 0 ? standard : std::min(page_size, most);
}

}  // namespace kith::api
