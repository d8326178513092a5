#include "gateway/edge/session/cookies.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace kith::edge {
namespace {

bool IsCookieValue(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_';
  });
}

}  // namespace

std::optional<std::string> FindCookie(const Headers& headers,
                                      absl::string_view name) {
  std::optional<std::string> found;
  for (const auto& [header, cookies] : headers) {
    if (header != "cookie") continue;
    for (absl::string_view pair : absl::StrSplit(cookies, ';')) {
      pair = absl::StripLeadingAsciiWhitespace(pair);
      const size_t equals = pair.find('=');
      if (equals == absl::string_view::npos || pair.substr(0, equals) != name) {
        continue;
      }
      const absl::string_view value = pair.substr(equals + 1);
      if (found.has_value() || !IsCookieValue(value)) return std::nullopt;
      found = std::string(value);
    }
  }
  return found;
}

std::string SetCookie(absl::string_view name, absl::string_view value,
                      absl::Duration max_age, bool secure) {
  return absl::StrCat(name, "=", value,
                      "; Path=/; Max-Age=", absl::ToInt64Seconds(max_age),
                      "; HttpOnly; SameSite=Strict", secure ? "; Secure" : "");
}

}  // namespace kith::edge
