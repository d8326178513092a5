#ifndef KITH_COMMON_API_PAGE_TOKEN_H_
#define KITH_COMMON_API_PAGE_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace kith::api {

// Returns the INVALID_ARGUMENT of a page_token that was made for another
// request or is malformed.
absl::Status InvalidPageTokenError();

// Returns a page token (AIP-158). It is opaque to callers and bound to the
// request that it came from. `position` is where the next page begins.
// `binding` is all that must stay the same from page to page: method, tenant,
// filters.
std::string MakePageToken(absl::string_view position,
                          absl::string_view binding);

// Returns the position in a token, empty for an empty token. INVALID_ARGUMENT
// if the token was made for another `binding`, or is malformed or changed.
absl::StatusOr<std::string> ReadPageToken(absl::string_view token,
                                          absl::string_view binding);

// Makes and reads the page tokens of one request, so that a position is a typed
// message: Position is a message of kith.internal.v1. Immutable, so
// thread-safe.
template <typename Position>
class PageTokens {
 public:
  // `binding` is all that must stay the same from page to page, in parts.
  template <typename... Parts>
  explicit PageTokens(const Parts&... binding)
      : binding_(absl::StrCat(binding...)) {}

  std::string Make(const Position& position) const {
    return MakePageToken(position.SerializeAsString(), binding_);
  }

  // Returns the position in a token, an empty message for an empty token.
  // INVALID_ARGUMENT as ReadPageToken.
  absl::StatusOr<Position> Read(absl::string_view token) const {
    const absl::StatusOr<std::string> bytes = ReadPageToken(token, binding_);
    if (!bytes.ok()) return bytes.status();
    Position position;
    if (position.ParseFromString(*bytes)) return position;
    return InvalidPageTokenError();
  }

 private:
  const std::string binding_;
};

// Returns the page size to use: `standard` if `page_size` is 0, else
// `page_size`, at most `most`.
int32_t PageSize(int32_t page_size, int32_t standard, int32_t most);

}  // namespace kith::api

#endif  // KITH_COMMON_API_PAGE_TOKEN_H_
