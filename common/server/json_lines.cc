#include "common/server/json_lines.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace kith::server {

absl::Status ForEachLine(std::istream& in,
                         absl::FunctionRef<absl::Status(JsonLine)> each) {
  int64_t number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    JsonLine line = JsonLine::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!line.is_object()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", number, " of the input: want an object of JSON"));
    }
    KITH_RETURN_IF_ERROR(each(std::move(line)));
  }
  return absl::OkStatus();
}

absl::StatusOr<ContactOfLine> ReadContact(const JsonLine& line) {
  const auto tenant = line.find("tenant_id");
  const auto contact = base::Uuid::Parse(ReadText(line, "contact_id"));
  if (tenant == line.end() || !tenant->is_number_unsigned() ||
      !contact.has_value()) {
    return absl::InvalidArgumentError(
        "a line of the input: want a number as tenant_id and a UUID as "
        "contact_id");
  }
  return ContactOfLine{tenant->get<uint64_t>(), *contact};
}

std::string ReadText(const JsonLine& line, const char* field) {
  const auto it = line.find(field);
  return it != line.end() && it->is_string() ? it->get<std::string>() : "";
}

}  // namespace kith::server
