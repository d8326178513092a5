#ifndef KITH_GATEWAY_HOOKS_READING_DOCUMENT_H_
#define KITH_GATEWAY_HOOKS_READING_DOCUMENT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace kith::gateway {

// A request as values: what the paths of a connector name. Not protobuf's
// Struct, in which all numbers are doubles, so that an id of 17 digits would be
// another one.
using Json = nlohmann::json;

// What an expression sees.
struct HookScope {
  // An object with body, query, header, setting, received_time and sha256.
  const Json& root;
  // One item of the body, or the body.
  const Json& item;
  // Where times without an offset are.
  absl::TimeZone zone = absl::UTCTimeZone();
};

// Returns the value at a path, as Expression describes it. Null if there is
// none. INVALID_ARGUMENT if the path is malformed. The value is part of the
// scope.
absl::StatusOr<const Json*> FindAt(absl::string_view path,
                                   const HookScope& scope);

// OK if the path is well formed: its root is one that there is.
absl::Status CheckPath(absl::string_view path);

// Returns the name that a path has behind its root, if that is one of `roots`:
// "email" of "body.email.0" for {"body", "item"}. Empty if there is none.
std::string NameUnder(absl::string_view path,
                      absl::Span<const absl::string_view> roots);

// Returns a value as text: empty for null, and for no value. A list of texts,
// numbers and booleans is joined with ", ". INVALID_ARGUMENT for an object, and
// for a list with anything else in it.
absl::StatusOr<std::string> TextOf(const Json* value);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_READING_DOCUMENT_H_
