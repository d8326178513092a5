#include "identity-svc/values/web_address.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "identity-svc/values/text.h"

namespace kith::identity {
namespace {

constexpr absl::string_view kSchemeChars =
    "abcdefghijklmnopqrstuvwxyz0123456789+.-";

bool ConsumeScheme(absl::string_view scheme, absl::string_view* text) {
  if (!absl::StartsWithIgnoreCase(*text, scheme)) return false;
  text->remove_prefix(scheme.size());
  return true;
}

// The host of an authority, empty where a browser would ask twice.
std::string HostOf(absl::string_view authority) {
  if (authority.find_first_of("@\\ ") != absl::string_view::npos) return "";
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(authority, absl::MaxSplits(':', 1));
  if (parts.second != "" && parts.second != "80" && parts.second != "443") {
    return "";
  }
  absl::string_view host = parts.first;
  absl::ConsumeSuffix(&host, ".");
  return absl::AsciiStrToLower(host);
}

// Cuts off what follows the first of `marks`, and returns it.
absl::string_view CutAt(absl::string_view marks, absl::string_view* text) {
  const size_t end = std::min(text->find_first_of(marks), text->size());
  const absl::string_view rest = text->substr(end);
  *text = text->substr(0, end);
  return rest;
}

bool ReadPath(absl::string_view path, WebAddress& address) {
  for (const absl::string_view part :
       absl::StrSplit(path, '/', absl::SkipEmpty())) {
    std::optional<std::string> decoded = PercentDecode(part);
    if (!decoded.has_value() || absl::StrContains(*decoded, "/")) return false;
    address.path.push_back(*std::move(decoded));
  }
  return true;
}

void ReadQuery(absl::string_view query, WebAddress& address) {
  absl::ConsumePrefix(&query, "?");
  for (const absl::string_view parameter :
       absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(parameter, absl::MaxSplits('=', 1));
    std::optional<std::string> value = PercentDecode(parts.second);
    address.query.emplace_back(parts.first,
                               value.value_or(std::string(parts.second)));
  }
}

}  // namespace

std::optional<std::string> PercentDecode(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const absl::string_view hex = text.substr(i + 1, 2);
    if (hex.size() < 2 || !absl::ascii_isxdigit(hex[0]) ||
        !absl::ascii_isxdigit(hex[1])) {
      return std::nullopt;
    }
    decoded += absl::HexStringToBytes(hex);
    i += 2;
  }
  const bool control =
      std::any_of(decoded.begin(), decoded.end(), absl::ascii_iscntrl);
  if (control || absl::StrContains(decoded, "%") || !IsUtf8(decoded)) {
    return std::nullopt;
  }
  return decoded;
}

bool HasScheme(absl::string_view text) {
  if (absl::StartsWith(text, "//")) return true;
  const size_t end = text.find("://");
  if (end == absl::string_view::npos || end == 0) return false;
  const std::string scheme = absl::AsciiStrToLower(text.substr(0, end));
  return absl::string_view(scheme).find_first_not_of(kSchemeChars) ==
         absl::string_view::npos;
}

std::optional<WebAddress> ParseWebAddress(absl::string_view text) {
  WebAddress address;
  address.has_scheme =
      ConsumeScheme("https://", &text) || ConsumeScheme("http://", &text);
  if (!address.has_scheme) {
    if (HasScheme(text) && !absl::ConsumePrefix(&text, "//")) return address;
  }
  // "/#!/alice" was the address of a profile before there was "/alice".
  const std::string unbanged = absl::StrReplaceAll(text, {{"/#!/", "/"}});
  text = unbanged;
  CutAt("#", &text);
  const absl::string_view query = CutAt("?", &text);
  const absl::string_view path = CutAt("/", &text);
  address.host = HostOf(text);
  if (!ReadPath(path, address)) return std::nullopt;
  ReadQuery(query, address);
  return address;
}

}  // namespace kith::identity
