#ifndef KITH_GATEWAY_EDGE_CODECS_JSON_GUARD_H_
#define KITH_GATEWAY_EDGE_CODECS_JSON_GUARD_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::edge {

// How many objects and lists may be inside each other.
inline constexpr int kMaxJsonDepth = 64;

// OK if `text` is one JSON value (RFC 8259), no deeper than kMaxJsonDepth, and
// no object in it has a key twice; else INVALID_ARGUMENT. protobuf 3.21 takes
// more than JSON, such as keys without quotes, takes the last of two values,
// and needs minutes for 8 KiB of "[" in a Struct; so ask this first. Takes time
// in proportion to the text, up to the first fault.
absl::Status CheckJson(absl::string_view text);

// Like CheckJson for an object: returns its own keys in their order, not those
// of objects in it. INVALID_ARGUMENT also if the value is no object.
absl::StatusOr<std::vector<std::string>> KeysOfJson(absl::string_view text);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_JSON_GUARD_H_
