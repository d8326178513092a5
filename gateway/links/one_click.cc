#include "gateway/links/one_click.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace kith::gateway {
namespace {

using TwoParts = std::pair<absl::string_view, absl::string_view>;

constexpr char kOneClickName[] = "List-Unsubscribe";
constexpr char kOneClickValue[] = "One-Click";
constexpr absl::string_view kBlankLine = "\r\n\r\n";

// Returns the parameter `name` of a header such as `form-data; name="a"`.
absl::string_view ParameterOf(absl::string_view header,
                              absl::string_view name) {
  for (const absl::string_view each : absl::StrSplit(header, ';')) {
    const TwoParts pair = absl::StrSplit(each, absl::MaxSplits('=', 1));
    if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(pair.first), name)) {
      continue;
    }
    absl::string_view value = absl::StripAsciiWhitespace(pair.second);
    if (absl::ConsumePrefix(&value, "\"")) absl::ConsumeSuffix(&value, "\"");
    return value;
  }
  return "";
}

bool IsInForm(absl::string_view body) {
  // Neither name nor value has a character that a form must encode.
  for (const absl::string_view field : absl::StrSplit(body, '&')) {
    if (absl::StripAsciiWhitespace(field) == kOneClick) return true;
  }
  return false;
}

// A part is its headers, an empty line, and its value.
bool IsOneClickPart(absl::string_view part) {
  const size_t blank = part.find(kBlankLine);
  if (blank == absl::string_view::npos) return false;
  const absl::string_view value = part.substr(blank + kBlankLine.size());
  if (absl::StripAsciiWhitespace(value) != kOneClickValue) return false;
  for (const absl::string_view line :
       absl::StrSplit(part.substr(0, blank), "\r\n")) {
    const TwoParts header = absl::StrSplit(line, absl::MaxSplits(':', 1));
    if (absl::EqualsIgnoreCase(header.first, "content-disposition")) {
      return ParameterOf(header.second, "name") == kOneClickName;
    }
  }
  return false;
}

}  // namespace

bool IsOneClick(absl::string_view content_type, absl::string_view body) {
  const TwoParts type = absl::StrSplit(content_type, absl::MaxSplits(';', 1));
  const absl::string_view name = absl::StripAsciiWhitespace(type.first);
  if (absl::EqualsIgnoreCase(name, "application/x-www-form-urlencoded")) {
    return IsInForm(body);
  }
  const absl::string_view boundary = ParameterOf(type.second, "boundary");
  if (!absl::EqualsIgnoreCase(name, "multipart/form-data") ||
      boundary.empty()) {
    return false;
  }
  const std::string border = absl::StrCat("--", boundary);
  for (const absl::string_view part : absl::StrSplit(body, border)) {
    if (IsOneClickPart(part)) return true;
  }
  return false;
}

}  // namespace kith::gateway
