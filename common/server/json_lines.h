#ifndef KITH_COMMON_SERVER_JSON_LINES_H_
#define KITH_COMMON_SERVER_JSON_LINES_H_

#include <cstdint>
#include <istream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"

namespace kith::server {

// Lines of JSON, an object each: how a task of one service hands over to that
// of another, since services do not call each other. `contacts-svc` and
// `identity-svc` use them about holdings.
using JsonLine = nlohmann::ordered_json;

// Calls `each` for every line up to the end of `in`. INVALID_ARGUMENT, with the
// number of the line, for one that is no object; the first error of `each` ends
// it.
absl::Status ForEachLine(std::istream& in,
                         absl::FunctionRef<absl::Status(JsonLine)> each);

// A contact that a line is about: its fields "tenant_id", a number, and
// "contact_id", a UUID.
struct ContactOfLine {
  uint64_t tenant_id = 0;
  base::Uuid contact_id;
};

// INVALID_ARGUMENT if one of the fields is missing or malformed.
absl::StatusOr<ContactOfLine> ReadContact(const JsonLine& line);

// Returns a field; "" if it is missing or no text.
std::string ReadText(const JsonLine& line, const char* field);

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_JSON_LINES_H_
