#ifndef KITH_COMMON_AUTH_JWT_JSON_OBJECT_H_
#define KITH_COMMON_AUTH_JWT_JSON_OBJECT_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::jwt {

// Parses one JSON object (RFC 8259). INVALID_ARGUMENT if `text` is anything
// else, is not UTF-8, has a byte order mark or a NUL, nests deeper than 16, or
// has a member twice in one object: two readers could then read it differently.
absl::StatusOr<nlohmann::json> ParseJsonObject(absl::string_view text);

// Returns the text of a member; null if there is none, or it is no text. It
// lives as long as `object`.
const std::string* TextMember(const nlohmann::json& object, const char* name);

}  // namespace kith::jwt

#endif  // KITH_COMMON_AUTH_JWT_JSON_OBJECT_H_
