#include "gateway/visits/page_address.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/whole_characters.h"
#include "gateway/hooks/reading/utf8.h"

namespace kith::gateway {
namespace {

// As utm_source of an attribution.
constexpr size_t kMaxParameter = 500;

// What is beyond is no campaign.
constexpr size_t kMaxParameters = 100;

std::string Decode(absl::string_view text) {
  const auto decoded =
      edge::PercentDecode(absl::StrReplaceAll(text, {{"+", " "}}));
  return std::string(status::FirstCharacters(
      decoded.ok() && IsUtf8(*decoded) ? absl::string_view(*decoded) : text,
      kMaxParameter));
}

edge::Query ParametersIn(absl::string_view text) {
  edge::Query query;
  for (const absl::string_view each :
       absl::StrSplit(text, '&', absl::SkipEmpty())) {
    if (query.size() == kMaxParameters) break;
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(each, absl::MaxSplits('=', 1));
    query.emplace_back(Decode(pair.first), Decode(pair.second));
  }
  return query;
}

bool IsHost(absl::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '[' ||
           c == ']' || c == ':';
  });
}

}  // namespace

std::optional<PageAddress> ReadAddress(absl::string_view text) {
  const size_t colon = text.find("://");
  if (colon == absl::string_view::npos) return std::nullopt;
  const std::string scheme = absl::AsciiStrToLower(text.substr(0, colon));
  if (scheme != "http" && scheme != "https") return std::nullopt;
  const absl::string_view rest = text.substr(colon + 3);
  const size_t border = rest.find_first_of("/?#");
  const std::string server = absl::AsciiStrToLower(rest.substr(0, border));
  if (!IsHost(server)) return std::nullopt;
  absl::string_view behind =
      border == absl::string_view::npos ? "" : rest.substr(border);
  behind = behind.substr(0, behind.find('#'));
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(behind, absl::MaxSplits('?', 1));
  PageAddress address;
  // An IPv6 address has colons within its brackets.
  const size_t port = server.find(':', server.rfind(']') + 1);
  address.host = std::string(
      absl::StripPrefix(absl::string_view(server).substr(0, port), "www."));
  address.origin = absl::StrCat(scheme, "://", server);
  address.place =
      absl::StrCat(address.origin, parts.first.empty() ? "/" : parts.first);
  address.query = ParametersIn(parts.second);
  return address;
}

}  // namespace kith::gateway
