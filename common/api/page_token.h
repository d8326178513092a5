#ifndef KITH_COMMON_API_PAGE_TOKEN_H_
#define KITH_COMMON_API_PAGE_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::api {

// A page token (AIP-158): opaque to callers, bound to the request it came
// from. `position` is where the next page begins, `binding` all that must stay
// the same from page to page: method, tenant, filters.
std::string MakePageToken(absl::string_view position,
                          absl::string_view binding);

// The position; empty for an empty token. INVALID_ARGUMENT where the token was
// made by another request, or by nobody.
absl::StatusOr<std::string> ReadPageToken(absl::string_view token,
                                          absl::string_view binding);

// `page_size` as asked: `standard` for 0, `most` where it is greater.
int32_t PageSize(int32_t page_size, int32_t standard, int32_t most);

}  // namespace kith::api

#endif  // KITH_COMMON_API_PAGE_TOKEN_H_
