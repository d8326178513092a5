#ifndef KITH_COMMON_AUTH_KEY_LINES_H_
#define KITH_COMMON_AUTH_KEY_LINES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::auth {

// Reads 1 to 8 keys of 32 bytes, one a line, of 64 hexadecimal digits each, as
// `openssl rand -hex 32` makes them. Empty lines are passed over.
// INVALID_ARGUMENT with the number of the line if one is malformed or has an
// earlier key again; the message has nothing of its content.
absl::StatusOr<std::vector<std::string>> ParseKeyLines(absl::string_view text);

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_KEY_LINES_H_
