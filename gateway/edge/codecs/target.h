#ifndef KITH_GATEWAY_EDGE_CODECS_TARGET_H_
#define KITH_GATEWAY_EDGE_CODECS_TARGET_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::edge {

// The parameters of a query string in their order, decoded.
using Query = std::vector<std::pair<std::string, std::string>>;

// The target of an HTTP request.
struct Target {
  // From "/" to "?", as it was sent.
  std::string path;
  Query query;
};

// Which characters PercentDecode leaves encoded.
enum class Keep {
  kNone,
  // "%2F", so that a "/" within a segment does not become a border of segments.
  kSlash,
};

// Decodes each %XX. INVALID_ARGUMENT if a % has no two hex digits behind it.
absl::StatusOr<std::string> PercentDecode(absl::string_view text,
                                          Keep keep = Keep::kNone);

// Reads the target of a request, "/path?query" or with "http://host" before it;
// in the query, a "+" is a space. INVALID_ARGUMENT if it is of another form, if
// a %XX is malformed, or if it has characters that must be encoded.
absl::StatusOr<Target> ParseTarget(absl::string_view text);

// Returns the first parameter with this name, or "" if there is none.
absl::string_view FindParameter(const Query& query, absl::string_view name);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_TARGET_H_
