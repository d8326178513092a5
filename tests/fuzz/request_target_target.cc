// Targets of HTTP requests (gateway/edge/codecs/target.h).

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gateway/edge/codecs/target.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

// Each byte as %XX.
std::string PercentEncoded(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    absl::StrAppend(&encoded, "%", absl::BytesToHexString({&c, 1}));
  }
  return encoded;
}

void CheckDecoding(absl::string_view input) {
  const auto decoded = edge::PercentDecode(input);
  const auto kept = edge::PercentDecode(input, edge::Keep::kSlash);
  Require(decoded.ok() == kept.ok(), "what is malformed does not depend");
  Require(*edge::PercentDecode(PercentEncoded(input)) == input,
          "decoding undoes encoding");
  if (!decoded.ok()) return;
  Require(decoded->size() <= input.size(), "decoding makes nothing longer");
  Require(std::count(kept->begin(), kept->end(), '/') ==
              std::count(input.begin(), input.end(), '/'),
          "%2F is no border of segments");
}

// What is behind the host of an absolute form.
absl::string_view OriginForm(absl::string_view text) {
  const size_t host = text.find("://");
  if (absl::StartsWith(text, "/") || host == absl::string_view::npos) {
    return text;
  }
  text.remove_prefix(host + 3);
  return text.substr(std::min(text.find_first_of("/?"), text.size()));
}

void CheckQuery(const edge::Target& target) {
  std::string text = target.path;
  for (const auto& parameter : target.query) {
    absl::StrAppend(&text, text.size() == target.path.size() ? "?" : "&",
                    PercentEncoded(parameter.first), "=",
                    PercentEncoded(parameter.second));
    const auto first = std::find_if(
        target.query.begin(), target.query.end(),
        [&](const auto& other) { return other.first == parameter.first; });
    Require(edge::FindParameter(target.query, parameter.first) == first->second,
            "the first parameter of a name is found");
  }
  const auto again = edge::ParseTarget(text);
  Require(
      again.ok() && again->path == target.path && again->query == target.query,
      "a target that is written anew is the same");
}

}  // namespace

void FuzzRequestTarget(absl::string_view input) {
  CheckDecoding(input);
  const auto target = edge::ParseTarget(input);
  if (!target.ok()) {
    Require(absl::IsInvalidArgument(target.status()), "one code for faults");
    return;
  }
  Require(std::all_of(input.begin(), input.end(), absl::ascii_isgraph),
          "spaces, control characters and others must be encoded");
  Require(absl::StartsWith(target->path, "/") &&
              !absl::StrContains(target->path, '?') &&
              absl::StartsWith(OriginForm(input), target->path),
          "the path is what is before the ?");
  size_t bytes = target->path.size();
  for (const auto& [name, value] : target->query) {
    bytes += name.size() + value.size();
  }
  Require(bytes <= input.size(), "nothing is there twice");
  CheckQuery(*target);
}

}  // namespace kith::fuzz
