#include "gateway/edge/codecs/target.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"

namespace kith::edge {
namespace {

// All that RFC 3986 allows in a path or query, and what browsers send as well.
bool IsTargetCharacter(char c) {
  return c > 0x20 && c < 0x7f && c != '#' && c != '\\' && c != '"';
}

absl::StatusOr<std::string> DecodeQueryText(absl::string_view text) {
  return PercentDecode(absl::StrReplaceAll(text, {{"+", " "}}));
}

}  // namespace

absl::StatusOr<std::string> PercentDecode(absl::string_view text, Keep keep) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const absl::string_view digits = text.substr(i + 1, 2);
    if (digits.size() < 2 || !absl::ascii_isxdigit(digits[0]) ||
        !absl::ascii_isxdigit(digits[1])) {
      return absl::InvalidArgumentError(
          "the target of the request has a % without two hex digits");
    }
    const std::string byte = absl::HexStringToBytes(digits);
    if (keep == Keep::kSlash && byte == "/") {
      decoded.append(text.data() + i, 3);
    } else {
      decoded += byte;
    }
    i += 2;
  }
  return decoded;
}

absl::StatusOr<Target> ParseTarget(absl::string_view text) {
  const bool printable =
      std::all_of(text.begin(), text.end(), IsTargetCharacter);
  // The absolute form, which proxies send (RFC 9112, section 3.2.2). A "/" in
  // its query begins no path.
  if (absl::ConsumePrefix(&text, "http://") ||
      absl::ConsumePrefix(&text, "https://")) {
    text.remove_prefix(std::min(text.find_first_of("/?"), text.size()));
  }
  if (!printable || !absl::StartsWith(text, "/")) {
    return absl::InvalidArgumentError(
        "the target of the request is no path such as /v1/customers?a=b");
  }
  const size_t mark = std::min(text.find('?'), text.size());
  Target target = {.path = std::string(text.substr(0, mark)), .query = {}};
  if (mark == text.size()) return target;
  for (const absl::string_view parameter :
       absl::StrSplit(text.substr(mark + 1), '&', absl::SkipEmpty())) {
    const size_t equals = std::min(parameter.find('='), parameter.size());
    KITH_ASSIGN_OR_RETURN(std::string name,
                          DecodeQueryText(parameter.substr(0, equals)));
    KITH_ASSIGN_OR_RETURN(std::string value,
                          DecodeQueryText(absl::ClippedSubstr(
                              parameter, equals + 1, absl::string_view::npos)));
    target.query.emplace_back(std::move(name), std::move(value));
  }
  return target;
}

absl::string_view FindParameter(const Query& query, absl::string_view name) {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace kith::edge
