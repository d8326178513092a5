#include "gateway/hooks/reading/form.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace kith::gateway {
namespace {

constexpr absl::string_view kHeadersEnd = "\r\n\r\n";

// RFC 2046, 5.1.1.
constexpr size_t kMostBoundaryBytes = 70;

std::string DecodedFormText(absl::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const absl::string_view digits = absl::ClippedSubstr(text, i + 1, 2);
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] == '%' && digits.size() == 2 &&
               std::all_of(digits.begin(), digits.end(),
                           absl::ascii_isxdigit)) {
      decoded += absl::HexStringToBytes(digits);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

// Reads the next parameter of a header, and leaves what is behind it.
std::pair<std::string, std::string> NextParameter(absl::string_view& header) {
  const size_t end = std::min(header.find_first_of(";="), header.size());
  const absl::string_view name =
      absl::StripAsciiWhitespace(header.substr(0, end));
  const bool has_value = end < header.size() && header[end] == '=';
  header.remove_prefix(std::min(end + 1, header.size()));
  std::string value;
  if (!has_value) return {std::string(name), value};
  header = absl::StripLeadingAsciiWhitespace(header);
  if (absl::ConsumePrefix(&header, "\"")) {
    while (!header.empty() && header.front() != '"') {
      // Browsers write a quote as %22, and others as \".
      if (absl::StartsWith(header, "\\\"")) header.remove_prefix(1);
      value += header.front();
      header.remove_prefix(1);
    }
  } else {
    value = std::string(absl::StripAsciiWhitespace(
        header.substr(0, std::min(header.find(';'), header.size()))));
  }
  header.remove_prefix(std::min(header.find(';'), header.size()));
  absl::ConsumePrefix(&header, ";");
  return {std::string(name), value};
}

// The name and value of one part. Nothing for a file, or without a name.
std::optional<std::pair<std::string, std::string>> FieldOfPart(
    absl::string_view part) {
  const size_t end = part.find(kHeadersEnd);
  if (end == absl::string_view::npos) return std::nullopt;
  for (const absl::string_view line :
       absl::StrSplit(part.substr(0, end), "\r\n")) {
    const size_t colon = line.find(':');
    if (colon == absl::string_view::npos ||
        !absl::EqualsIgnoreCase(line.substr(0, colon), "content-disposition")) {
      continue;
    }
    const absl::string_view disposition = line.substr(colon + 1);
    std::string name = HeaderParameter(disposition, "name");
    if (name.empty() || !HeaderParameter(disposition, "filename").empty()) {
      return std::nullopt;
    }
    return std::pair(std::move(name),
                     std::string(part.substr(end + kHeadersEnd.size())));
  }
  return std::nullopt;
}

}  // namespace

FormFields ReadUrlEncoded(absl::string_view body) {
  FormFields fields;
  for (const absl::string_view field :
       absl::StrSplit(body, '&', absl::SkipEmpty())) {
    const size_t equals = std::min(field.find('='), field.size());
    fields.emplace_back(DecodedFormText(field.substr(0, equals)),
                        DecodedFormText(absl::ClippedSubstr(
                            field, equals + 1, absl::string_view::npos)));
  }
  return fields;
}

absl::StatusOr<FormFields> ReadMultipart(absl::string_view content_type,
                                         absl::string_view body) {
  const std::string boundary = HeaderParameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > kMostBoundaryBytes) {
    return absl::InvalidArgumentError(
        "the content type of the form has no boundary of 1 to 70 characters");
  }
  FormFields fields;
  const std::string first = absl::StrCat("--", boundary);
  const std::string border = absl::StrCat("\r\n--", boundary);
  // What is before the first border is nothing.
  size_t begin = absl::StartsWith(body, first) ? 0 : body.find(border);
  if (begin == absl::string_view::npos) {
    return absl::InvalidArgumentError("the form has no part");
  }
  begin += begin == 0 ? first.size() : border.size();
  while (!absl::StartsWith(body.substr(begin), "--")) {
    const size_t end = body.find(border, begin);
    if (end == absl::string_view::npos) {
      return absl::InvalidArgumentError("the last part of the form has no end");
    }
    auto field = FieldOfPart(body.substr(begin, end - begin));
    if (field.has_value()) fields.push_back(*std::move(field));
    begin = end + border.size();
  }
  return fields;
}

std::string HeaderParameter(absl::string_view header, absl::string_view name) {
  while (!header.empty()) {
    auto [key, value] = NextParameter(header);
    if (absl::EqualsIgnoreCase(key, name)) return value;
  }
  return "";
}

}  // namespace kith::gateway
